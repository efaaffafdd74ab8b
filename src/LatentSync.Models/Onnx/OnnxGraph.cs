namespace LatentSync.Models.Onnx;

/// <summary>A network as ONNX describes it: operators in topological order, with constants that are read when it is written.</summary>
public sealed record OnnxGraph
{
    /// <summary>The network's name.</summary>
    public required string Name { get; init; }

    /// <summary>Version of ONNX's default operator set that the nodes are written in.</summary>
    public required int Opset { get; init; }

    /// <summary>Inputs, in order.</summary>
    public required IReadOnlyList<OnnxValueInfo> Inputs { get; init; }

    /// <summary>Outputs, in order.</summary>
    public required IReadOnlyList<OnnxValueInfo> Outputs { get; init; }

    /// <summary>Operators; each reads only inputs, initializers and what earlier operators made.</summary>
    public required IReadOnlyList<OnnxNode> Nodes { get; init; }

    /// <summary>Constants, in the order in which they are written.</summary>
    public required IReadOnlyList<OnnxInitializer> Initializers { get; init; }

    /// <summary>Notes written into the file, in order (<c>metadata_props</c>).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];
}
