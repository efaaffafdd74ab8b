using System.Runtime.InteropServices;
using System.Text.Json;
using LatentSync.Models.Onnx;

namespace LatentSync.Benchmarks;

/// <summary>The same step in PyTorch, over the very file of weights that ONNX Runtime reads (<c>unet_step.py</c>).</summary>
internal static class TorchStep
{
    private static readonly string Script = Path.Combine(BenchmarkPaths.RepositoryRoot, "tests", "LatentSync.Benchmarks", "unet_step.py");

    /// <summary>What PyTorch did.</summary>
    public sealed record Result(string Version, double Seconds, double Gflops, double PeakBytes, float[] Output);

    /// <summary>Where the script finds one of the graph's inputs.</summary>
    public static string InputPath(string modelPath, string input) => $"{modelPath}.{input}.f32";

    /// <summary>Runs the script on a model's data file; its inputs lie beside it.</summary>
    public static Result Run(FullSizeUNet unet, string modelPath, int threads)
    {
        string output = modelPath + ".torch.f32", description = modelPath + ".json";
        File.WriteAllText(description, JsonSerializer.Serialize(new
        {
            data = modelPath + ".data",
            threads,
            groups = unet.Config.NormNumGroups,
            heads = unet.Config.AttentionHeads[0],
            motion_heads = unet.Config.MotionModule.NumAttentionHeads,
            blocks = unet.Config.BlockOutChannels.Count,
            layers = unet.Config.LayersPerBlock,
            tensors = OnnxModelWriter.Layout(unet.Graph).ToDictionary(entry => entry.Initializer.Name, entry => Describe(entry.Initializer, entry.Offset)),
            inputs = FullSizeUNet.PlainShapes(unet.Graph).ToDictionary(
                input => input.Key, input => new { path = InputPath(modelPath, input.Key), shape = input.Value }),
            output,
        }));

        // Debian's torch belongs to the distribution's python, which another one may hide on the PATH.
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        JsonElement result = JsonSerializer.Deserialize<JsonElement>(ChildProcess.Run(python, Script, description).Trim().Split('\n')[^1]);
        return new Result(
            result.GetProperty("version").GetString()!,
            result.GetProperty("seconds").GetDouble(),
            result.GetProperty("gflops").GetDouble(),
            result.GetProperty("peak_bytes").GetDouble(),
            MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(output)).ToArray());
    }

    // Short constants lie in the model file: their elements are given here.
    private static object Describe(OnnxInitializer initializer, long? offset) => offset is { } position
        ? new { shape = initializer.Shape, offset = position }
        : initializer.ElementType == OnnxElementType.Float ? new { shape = initializer.Shape, values = initializer.Source.ReadAll() } : new { shape = initializer.Shape };
}
