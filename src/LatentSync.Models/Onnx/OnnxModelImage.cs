using Google.Protobuf;
using LatentSync.Models.Onnx.Protobuf;
using LatentSync.Runtime;

namespace LatentSync.Models.Onnx;

/// <summary>
/// A graph as a model in memory: weights that lie in a pack's data file stay there and are referred to, all others are part of the image. So a rewritten
/// network costs no disk and holds no weight twice.
/// </summary>
public sealed class OnnxModelImage
{
    private OnnxModelImage(byte[] bytes, string dataFolder, IReadOnlyList<ExternalWeight> weights)
    {
        Bytes = bytes;
        DataFolder = dataFolder;
        Weights = weights;
    }

    /// <summary>The model, as an <c>.onnx</c> file would hold it.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The folder in which the data files lie that it refers to; empty if it refers to none.</summary>
    public string DataFolder { get; }

    /// <summary>The weights that it refers to.</summary>
    public IReadOnlyList<ExternalWeight> Weights { get; }

    /// <summary>Makes the image.</summary>
    /// <param name="graph">A network that was read from a pack, rewritten or not; its weights in files lie in one folder.</param>
    /// <exception cref="ArgumentException">They lie in several.</exception>
    public static OnnxModelImage Of(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        GraphProto proto = ProtoMapping.WithoutWeights(graph);
        List<ExternalWeight> weights = [];
        string folder = string.Empty;
        foreach (OnnxInitializer initializer in graph.Initializers)
        {
            if (initializer.Source is not DataFileSource source)
            {
                proto.Initializer.Add(ProtoMapping.Inline(initializer));
                continue;
            }

            string ownFolder = Path.GetDirectoryName(Path.GetFullPath(source.FilePath))!;
            folder = folder.Length == 0 || folder == ownFolder ? ownFolder : throw new ArgumentException($"weights lie in {folder} and in {ownFolder}", nameof(graph));
            string file = Path.GetFileName(source.FilePath);
            proto.Initializer.Add(ProtoMapping.External(initializer, file, source.OffsetInBytes));
            weights.Add(new ExternalWeight(initializer.Name, (int)initializer.ElementType, initializer.Shape, file, source.OffsetInBytes, initializer.SizeInBytes));
        }

        return new OnnxModelImage(OnnxModelWriter.Describe(graph, proto).ToByteArray(), folder, weights);
    }
}
