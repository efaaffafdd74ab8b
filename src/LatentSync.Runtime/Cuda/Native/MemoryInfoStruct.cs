using System.Runtime.InteropServices;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary><c>lsrt_memory_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MemoryInfoStruct
{
    internal long StructSize;
    internal long Free;
    internal long Total;
    internal long Used;
    internal long UsedHigh;
    internal long Reserved;
    internal long Pinned;
    internal int HasMemoryPool;
    internal int IsLost;
}
