using System.Runtime.InteropServices;

namespace LatentSync.Runtime.Native;

/// <summary>What the native library says of itself.</summary>
internal static unsafe partial class RuntimeInfoCalls
{
    internal static string VersionString()
    {
        NativeLibraryLoader.EnsureLoaded();
        return NativeText.Read(GetVersionString);
    }

    internal static RuntimeInfoStruct Info()
    {
        NativeLibraryLoader.EnsureLoaded();
        RuntimeInfoStruct info = new() { StructSize = sizeof(RuntimeInfoStruct) };
        NativeError.ThrowIfFailed(GetInfo(ref info));
        return info;
    }

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_version_string")]
    private static partial NativeStatus GetVersionString(byte* buffer, long capacity, out long length);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_runtime_info_get")]
    internal static partial NativeStatus GetInfo(ref RuntimeInfoStruct info);
}
