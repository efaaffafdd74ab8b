using LatentSync.Kernels;
using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Runtime.Diagnostics;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>Looks for everything that a job can use: ffmpeg, ONNX Runtime, ILGPU's devices, the CUDA driver, TensorRT, engines, model packs.</summary>
public static class MachineCheck
{
    /// <summary>Runs all probes; none throws for what is missing.</summary>
    /// <param name="packPaths">Folders of model packs to look at.</param>
    /// <param name="enginesDirectory">Where built engines lie; null for the user's cache folder.</param>
    public static IReadOnlyList<MachineFinding> Run(IReadOnlyList<string> packPaths, string? enginesDirectory = null)
    {
        ProbeResult onnxRuntime = RuntimeProbes.OnnxRuntime();
        return
        [
            .. FFmpegProbe.Tools().Select(probe => new MachineFinding(probe, Required: true)),
            new MachineFinding(onnxRuntime, Required: true),
            new MachineFinding(IlgpuProbe.Devices(), Required: false),
            .. RuntimeProbes.All().Where(probe => probe.Name != onnxRuntime.Name).Select(probe => new MachineFinding(probe, Required: false)),
            .. EngineCheck.Run(enginesDirectory).Select(probe => new MachineFinding(probe, Required: false)),
            .. packPaths.Select(path => new MachineFinding(Pack(path), Required: false)),
        ];
    }

    private static ProbeResult Pack(string path)
    {
        string name = $"model pack {path}";
        try
        {
            ModelPack pack = ModelPack.Open(path);
            double megabytes = pack.Manifest.Components.Sum(component => component.SizeInBytes) / 1e6;
            return new ProbeResult(name, true, $"{pack.Config.Resolution} px, {megabytes:0} MB", string.Empty);
        }
        catch (LatentSyncException exception)
        {
            return new ProbeResult(name, false, exception.Message, "make one with 'latentsync models import --checkpoints DIR --config stage2.yaml --out PACK'");
        }
    }
}
