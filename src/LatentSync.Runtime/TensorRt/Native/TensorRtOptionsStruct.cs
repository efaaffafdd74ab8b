using System.Runtime.InteropServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary><c>lsrt_tensorrt_options</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TensorRtOptionsStruct
{
    internal long StructSize;
    internal byte* Directory;
    internal int Major;
    internal int Reserved;
}
