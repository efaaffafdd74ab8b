using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.TensorRt;

/// <summary>The native library that binds CUDA and TensorRT, as it is loaded in this process.</summary>
/// <param name="Path">The loaded file.</param>
/// <param name="Version">Its version; released together with the assemblies, it equals theirs.</param>
/// <param name="AbiVersion">The version of its C interface, checked when it was loaded.</param>
/// <param name="IsDebug">Whether it was built with assertions.</param>
/// <param name="TensorRtHeaders">Version of TensorRT's headers it was built with; null for the flavour with CUDA only.</param>
/// <param name="Attempts">The files that were tried, in order, and what came of it.</param>
public sealed record NativeRuntimeInfo(string Path, string Version, int AbiVersion, bool IsDebug, Version? TensorRtHeaders, IReadOnlyList<string> Attempts)
{
    /// <summary>How to get the flavours that the build left out.</summary>
    public const string FlavourFix =
        "TensorRT's headers were not given to the build, so its flavours were left out: configure CMake with -DTENSORRT_INCLUDE=DIR, the folder of NvInfer.h, or with -DLSRT_FETCH_TENSORRT=ON, and build again";

    /// <summary>The flavour in words.</summary>
    public string Flavour => TensorRtHeaders is null ? "CUDA only" : $"TensorRT {TensorRtHeaders.Major} (headers {TensorRtHeaders})";

    /// <summary>Loads the native library unless it is loaded, and asks it.</summary>
    /// <exception cref="LatentSyncException">The library is missing or of another ABI version; the message lists the files tried.</exception>
    public static NativeRuntimeInfo Load()
    {
        string path = NativeLibraryLoader.EnsureLoaded();
        RuntimeInfoStruct info = RuntimeInfoCalls.Info();
        // Major x 10000 + minor x 100 + patch.
        int headers = info.TensorRtVersion;
        Version? tensorRt = info.TensorRtMajor == 0 ? null : new Version(info.TensorRtMajor, headers / 100 % 100, headers % 100);
        return new NativeRuntimeInfo(path, RuntimeInfoCalls.VersionString(), info.AbiVersion, info.IsDebug != 0, tensorRt, NativeLibraryLoader.Attempts);
    }
}
