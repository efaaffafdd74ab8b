using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary><c>lsrt_cuda_device</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CudaDeviceStruct
{
    internal long StructSize;
    internal long TotalMemory;
    internal int Ordinal;
    internal int ComputeMajor;
    internal int ComputeMinor;
    internal int Multiprocessors;
    internal NameBuffer Name;

    /// <summary>256 bytes of UTF-8 with a closing zero.</summary>
    [InlineArray(256)]
    internal struct NameBuffer
    {
        private byte _first;
    }
}
