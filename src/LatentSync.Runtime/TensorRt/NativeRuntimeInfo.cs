using LatentSync.Runtime.TensorRt.Native;

namespace LatentSync.Runtime.TensorRt;

/// <summary>The native library that binds CUDA and TensorRT, as it is loaded in this process.</summary>
/// <param name="Path">The loaded file.</param>
/// <param name="Version">Its version; released together with the assemblies, it equals theirs.</param>
/// <param name="AbiVersion">The version of its C interface, checked when it was loaded.</param>
/// <param name="IsDebug">Whether it was built with assertions.</param>
public sealed record NativeRuntimeInfo(string Path, string Version, int AbiVersion, bool IsDebug)
{
    /// <summary>Loads the native library unless it is loaded, and asks it.</summary>
    /// <exception cref="LatentSyncException">The library is missing or of another ABI version; the message lists the files tried.</exception>
    public static NativeRuntimeInfo Load()
    {
        string path = NativeLibraryLoader.EnsureLoaded();
        RuntimeInfoStruct info = RuntimeInfoCalls.Info();
        return new NativeRuntimeInfo(path, RuntimeInfoCalls.VersionString(), info.AbiVersion, info.IsDebug != 0);
    }
}
