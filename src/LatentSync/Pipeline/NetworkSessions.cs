using LatentSync.Models.Packs;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Pipeline;

/// <summary>How ONNX Runtime runs a pack's networks: the same wherever they run, so that the same inputs give the same bits.</summary>
internal static class NetworkSessions
{
    /// <summary>For small networks that run beside the large ones and must not get in their way.</summary>
    public static OnnxRuntimeOptions Side(LipSyncEngineOptions options) => new() { IntraOpThreads = 1, AllowSpinning = false, ProfileFolder = options.ProfileFolder };

    /// <summary>For Whisper, which now and then runs beside the others: for its first run everything else waits, after a run it holds its weights alone.</summary>
    public static OnnxRuntimeOptions Speech(LipSyncEngineOptions options) =>
        new() { IntraOpThreads = options.Threads, AllowSpinning = false, KeepActivationMemory = false, ProfileFolder = options.ProfileFolder };

    /// <summary>For the UNet: a denoiser's share of the threads.</summary>
    public static OnnxRuntimeOptions UNet(LipSyncEngineOptions options, DenoiserPlan plan) =>
        new() { IntraOpThreads = plan.ThreadsEach, Provider = options.OnnxProvider, Device = options.Device, ProfileFolder = options.ProfileFolder };

    /// <summary>For the VAE, which runs beside the UNet; with the cache of engines for one network, where the provider keeps one.</summary>
    public static OnnxRuntimeOptions Vae(LipSyncEngineOptions options, PackComponent component) =>
        OnnxEngineCache.Add(Side(options) with { Provider = options.OnnxProvider, Device = options.Device }, component);
}
