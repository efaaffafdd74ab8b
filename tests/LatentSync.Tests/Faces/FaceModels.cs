using LatentSync.Kernels;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Faces;

/// <summary>The face networks and frames that tests use: a case's own, else the demo pack's.</summary>
internal static class FaceModels
{
    public static OnnxRuntimeOptions Options { get; } = new() { IntraOpThreads = 2, AllowSpinning = false };

    public static string Detector(string? folder = null) => OwnOr(folder, "det.onnx", "det_10g.onnx");

    public static string Landmarker(string? folder = null) => OwnOr(folder, "landmark.onnx", "2d106det.onnx");

    public static RgbImage Frame(GoldenFile golden, int index)
    {
        IReadOnlyList<long> shape = [.. golden.Tensors[$"frame.{index}"].Shape];
        return new RgbImage((int)shape[1], (int)shape[0], golden.ReadBytes($"frame.{index}"));
    }

    private static string OwnOr(string? folder, string own, string name) => folder is not null && File.Exists(Path.Combine(folder, own))
        ? Path.Combine(folder, own)
        : Path.Combine(Goldens.DemoPack, "checkpoints", "auxiliary", "models", "buffalo_l", name);
}
