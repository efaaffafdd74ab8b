using System.Runtime.InteropServices;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary><c>lsrt_launch</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LaunchStruct
{
    internal long StructSize;
    internal uint GridX;
    internal uint GridY;
    internal uint GridZ;
    internal uint BlockX;
    internal uint BlockY;
    internal uint BlockZ;
    internal uint SharedMemory;
    internal uint Reserved;
}
