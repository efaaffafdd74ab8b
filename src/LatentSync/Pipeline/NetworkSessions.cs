using LatentSync.Models.Packs;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Pipeline;

/// <summary>How ONNX Runtime runs a pack's networks: the same wherever they run, so that the same inputs give the same bits.</summary>
internal static class NetworkSessions
{
    /// <summary>For small networks that run beside the large ones and must not get in their way.</summary>
    public static OnnxRuntimeOptions Side { get; } = new() { IntraOpThreads = 1, AllowSpinning = false };

    /// <summary>For a network of the CPU that has the machine to itself while it runs.</summary>
    public static OnnxRuntimeOptions Main(LipSyncEngineOptions options) => new() { IntraOpThreads = options.Threads };

    /// <summary>For the UNet: a denoiser's share of the threads.</summary>
    public static OnnxRuntimeOptions UNet(LipSyncEngineOptions options, DenoiserPlan plan) =>
        Main(options) with { IntraOpThreads = plan.ThreadsEach, Provider = options.OnnxProvider, Device = options.Device };

    /// <summary>For the VAE, which runs beside the UNet; with the cache of engines for one network, where the provider keeps one.</summary>
    public static OnnxRuntimeOptions Vae(LipSyncEngineOptions options, PackComponent component) =>
        OnnxEngineCache.Add(Side with { Provider = options.OnnxProvider, Device = options.Device }, component);
}
