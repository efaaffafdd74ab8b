namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>Hashes of a network as a pack holds it, before it is made ready for a precision.</summary>
/// <param name="Structure">SHA-256 of operators, connections, names and shapes, without the weights; 64 lower-case hexadecimal digits.</param>
/// <param name="Content">SHA-256 of the graph and all its weights, external data included; likewise.</param>
public sealed record GraphHash(string Structure, string Content);
