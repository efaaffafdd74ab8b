using System.Runtime.InteropServices;

namespace LatentSync.Runtime.Native;

/// <summary><c>lsrt_runtime_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RuntimeInfoStruct
{
    internal long StructSize;
    internal int AbiVersion;
    internal int VersionMajor;
    internal int VersionMinor;
    internal int VersionPatch;
    internal int PointerBits;
    internal int IsDebug;
    internal int TensorRtMajor;
    internal int TensorRtVersion;
}
