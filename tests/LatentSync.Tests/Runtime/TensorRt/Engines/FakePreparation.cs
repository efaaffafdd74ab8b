using System.Security.Cryptography;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Tests.Runtime.TensorRt.Engines;

/// <summary>For models that are texts: the first line is the structure, the rest the weights.</summary>
internal sealed class FakePreparation : IModelPreparation
{
    public string Rules { get; set; } = "1";

    public string Version(EnginePrecision precision) => Rules;

    public GraphHash Hash(string modelPath, CancellationToken cancellationToken)
    {
        string text = File.ReadAllText(modelPath);
        return new GraphHash(Sha256(text.Split('\n')[0]), Sha256(text));
    }

    public string Prepare(string modelPath, EnginePrecision precision, string folder, CancellationToken cancellationToken)
    {
        string prepared = Path.Combine(folder, "prepared.onnx");
        File.WriteAllText(prepared, $"{precision} {File.ReadAllText(modelPath)}");
        return prepared;
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
