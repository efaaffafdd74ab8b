// What LatentSync.ManagedCuda uses of ManagedCuda 12, by its public names and signatures. Written for compiling only.
using ManagedCuda.BasicTypes;

namespace ManagedCuda
{
    public class CudaContext : IDisposable
    {
        public CudaContext(int deviceId) => throw Stub.Error();

        public static int GetDeviceCount() => throw Stub.Error();

        public static CudaDeviceProperties GetDeviceInfo(int deviceId) => throw Stub.Error();

        public SizeT GetFreeDeviceMemorySize() => throw Stub.Error();

        public bool DeviceCanAccessPeer(CudaContext peerContext) => throw Stub.Error();

        public CudaKernel LoadKernelPTX(byte[] moduleImage, string kernelName) => throw Stub.Error();

        public void UnloadKernel(CudaKernel aKernel) => throw Stub.Error();

        public void PushContext() => throw Stub.Error();

        public void PopContext() => throw Stub.Error();

        public void Dispose() => throw Stub.Error();
    }

    public class PrimaryContext(int deviceId) : CudaContext(deviceId);

    public class CudaDeviceProperties
    {
        public int MaxThreadsPerMultiProcessor => throw Stub.Error();
    }

    public class CudaKernel
    {
        public int Registers => throw Stub.Error();

        public int SharedMemory => throw Stub.Error();

        public int LocalMemory => throw Stub.Error();

        public int GetOccupancyMaxActiveBlocksPerMultiprocessor(int blockSize, SizeT dynamicSMemSize) => throw Stub.Error();

        public Occupancy GetOccupancyMaxPotentialBlockSize() => throw Stub.Error();

        public struct Occupancy
        {
            public int minGridSize;
            public int blockSize;
        }
    }

    public class CudaDeviceVariable<T> : IDisposable
        where T : struct
    {
        public CudaDeviceVariable(SizeT size) => throw Stub.Error();

        public void CopyToDevice(CudaDeviceVariable<T> source) => throw Stub.Error();

        public void Dispose() => throw Stub.Error();
    }

    public class CudaEvent : IDisposable
    {
        public CudaEvent() => throw Stub.Error();

        public static float ElapsedTime(CudaEvent eventStart, CudaEvent eventEnd) => throw Stub.Error();

        public void Record() => throw Stub.Error();

        public void Synchronize() => throw Stub.Error();

        public void Dispose() => throw Stub.Error();
    }

    public class CudaException : Exception;

    internal static class Stub
    {
        public static NotSupportedException Error() => new(
            "this is the stub of ManagedCuda, for compiling only: build LatentSync.ManagedCuda with -p:ManagedCuda=true, which needs the package ManagedCuda-12");
    }
}

namespace ManagedCuda.BasicTypes
{
    public struct SizeT
    {
        public static implicit operator SizeT(int value) => throw Stub.Error();

        public static implicit operator SizeT(long value) => throw Stub.Error();

        public static implicit operator long(SizeT t) => throw Stub.Error();
    }
}
