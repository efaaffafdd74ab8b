using System.Security.Cryptography;
using System.Text;
using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>One network of a pack.</summary>
/// <param name="Name">Its role, one of <see cref="PackComponentName"/>.</param>
/// <param name="Graph">The ONNX file's path inside the pack, with forward slashes.</param>
/// <param name="Precision">Element type of its weights: <c>float32</c>, or <c>as supplied</c> for graphs that were copied.</param>
/// <param name="ParameterCount">Number of weights.</param>
/// <param name="Inputs">The graph's inputs, in its order.</param>
/// <param name="Outputs">The graph's outputs, in its order.</param>
/// <param name="Files">The graph and the files with its weights.</param>
public sealed record PackComponent(
    string Name,
    string Graph,
    string Precision,
    long ParameterCount,
    IReadOnlyList<TensorContract> Inputs,
    IReadOnlyList<TensorContract> Outputs,
    IReadOnlyList<PackFile> Files)
{
    /// <summary>Bytes that its files take.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long SizeInBytes => Files.Sum(file => file.SizeInBytes);

    /// <summary>Tells networks apart: a SHA-256 over its graph and all its weights, as the manifest promises them; no file is read for it.</summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public string ComputeFingerprint()
    {
        // Names inside the pack are part of it, since a graph refers to its weights by them; the order in the manifest is not.
        string files = string.Concat(Files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => $"{file.Sha256} {file.Path}\n"));
        return FileHash.ToText(SHA256.HashData(Encoding.UTF8.GetBytes(files)));
    }
}
