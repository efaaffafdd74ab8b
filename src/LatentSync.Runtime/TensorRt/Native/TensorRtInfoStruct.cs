using System.Runtime.InteropServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary><c>lsrt_tensorrt_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorRtInfoStruct
{
    internal long StructSize;
    internal int Major;
    internal int Minor;
    internal int Patch;
    internal int HasOnnxParser;
}
