using System.Runtime.InteropServices;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary><c>lsrt_device_counters</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DeviceCountersStruct
{
    internal long StructSize;
    internal long CopiesToDevice;
    internal long BytesToDevice;
    internal long CopiesToHost;
    internal long BytesToHost;
    internal long CopiesOnDevice;
    internal long KernelLaunches;
    internal long EngineEnqueues;
    internal long Captures;
    internal long GraphLaunches;
    internal long LiveBuffers;
}
