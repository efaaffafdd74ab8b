namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>What is done with a network before TensorRT sees it: which one is made of a pack's file, and in which types. The passes lie in a library that this one does not know.</summary>
public interface IModelPreparation
{
    /// <summary>Names the passes' version, so that another one gives other engines.</summary>
    /// <param name="precision">The precision that is prepared for.</param>
    string Version(EnginePrecision precision);

    /// <summary>Hashes a network with all its weights.</summary>
    /// <param name="modelPath">The ONNX file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="LatentSyncException">A file is missing or damaged.</exception>
    GraphHash Hash(string modelPath, CancellationToken cancellationToken);

    /// <summary>Makes a network ready for a precision.</summary>
    /// <param name="modelPath">The ONNX file.</param>
    /// <param name="precision">The precision.</param>
    /// <param name="folder">Where files may be written.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The ONNX file to build from: the given one, or one in the folder.</returns>
    /// <exception cref="LatentSyncException">The network cannot be made ready, such as one without Q/DQ for <c>int8</c>.</exception>
    string Prepare(string modelPath, EnginePrecision precision, string folder, CancellationToken cancellationToken);
}
