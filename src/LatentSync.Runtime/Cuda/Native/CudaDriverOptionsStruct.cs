using System.Runtime.InteropServices;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary><c>lsrt_cuda_driver_options</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CudaDriverOptionsStruct
{
    internal long StructSize;
    internal byte* LibraryPath;
}
