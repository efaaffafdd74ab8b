using System.Security.Cryptography;
using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Pipeline;

/// <summary>Where ONNX Runtime's TensorRT provider keeps the engines that it builds of a pack's networks, and how it tells them apart.</summary>
internal static class OnnxEngineCache
{
    // Enough of a SHA-256 that no two networks share it, and short enough for a file's name to which the provider adds its own.
    private const int HashDigits = 32;

    /// <summary>A session's options with the cache for one network, where the provider has use for one.</summary>
    public static OnnxRuntimeOptions Add(OnnxRuntimeOptions options, PackComponent component) =>
        options.Provider == OnnxExecutionProvider.TensorRt
            ? options with { EngineCacheFolder = UserCacheFolder.For("onnxruntime-tensorrt"), EngineCachePrefix = Prefix(component) }
            : options;

    /// <summary>As above for a network that was rewritten in memory: its image tells it apart from the pack's own and from other forms.</summary>
    public static OnnxRuntimeOptions Add(OnnxRuntimeOptions options, PackComponent component, string part, ReadOnlySpan<byte> image)
    {
        OnnxRuntimeOptions own = Add(options, component);
        return own.EngineCachePrefix is null
            ? own
            : own with { EngineCachePrefix = $"{own.EngineCachePrefix}-{part}-{Convert.ToHexStringLower(SHA256.HashData(image))[..HashDigits]}" };
    }

    /// <summary>The network's name and a hash of its graph and all its weights, as the manifest promises them: no file is read for it.</summary>
    public static string Prefix(PackComponent component) => $"{component.Name}-{component.ComputeFingerprint()[..HashDigits]}";
}
