using System.Runtime.InteropServices;
using System.Text;
using LatentSync.Runtime.Cuda;
using LatentSync.Tests.Runtime.TensorRt;

namespace LatentSync.Tests.Support;

/// <summary>
/// The double of the CUDA driver (tests/native/doubles), with its faults and counts. Its state is the process's, so tests that use it share a
/// collection and start from a reset.
/// </summary>
internal sealed unsafe class DriverDouble : IDisposable
{
    /// <summary>Tests of one collection run one after another.</summary>
    public const string Collection = "driver double";

    private readonly nint _library;

    public DriverDouble()
    {
        NativeBuild.Require();
        Skip.IfNot(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "the double of the CUDA driver is built on Linux only");
        string path = Path.Combine(Goldens.RepositoryRoot, "build", "doubles", "libcuda.so.1");
        Skip.IfNot(File.Exists(path), $"{path} is not built: run './build.sh test'");
        _library = NativeLibrary.Load(path);
        ((delegate* unmanaged<void>)Export("lsrt_double_reset"))();
        Driver = CudaDriver.Open(path);
        Device = CudaDevice.Open(Driver);
    }

    public CudaDriver Driver { get; }

    public CudaDevice Device { get; }

    /// <summary>What is alive in the double that a leak would leave: allocations, pinned memory, streams, events, modules, graphs.</summary>
    public long Alive => Enumerable.Range(0, 9).Where(what => what is not 1).Sum(what => Count(what));

    /// <summary>Calls that no correct program makes.</summary>
    public long Misuses => Count(11);

    /// <summary>The nth call of a driver function from now fails (0: every one).</summary>
    public void Fail(string function, int nth, int result)
    {
        fixed (byte* name = Encoding.ASCII.GetBytes(function + '\0'))
        {
            Assert.Equal(0, ((delegate* unmanaged<byte*, int, int, int>)Export("lsrt_double_fail"))(name, nth, result));
        }
    }

    public void LoseDevice(int result) => ((delegate* unmanaged<int, void>)Export("lsrt_double_lose_device"))(result);

    public void SetCapture(bool isSupported) => ((delegate* unmanaged<int, void>)Export("lsrt_double_set_capture"))(isSupported ? 1 : 0);

    public void SetMemoryLimit(long bytes) => ((delegate* unmanaged<long, void>)Export("lsrt_double_set_memory_limit"))(bytes);

    /// <summary>Calls of a driver function since the reset.</summary>
    public long Calls(string function)
    {
        fixed (byte* name = Encoding.ASCII.GetBytes(function + '\0'))
        {
            return ((delegate* unmanaged<byte*, long>)Export("lsrt_double_calls"))(name);
        }
    }

    /// <summary>Runs of a kernel, those inside launched graphs too.</summary>
    public long Launches(string kernel)
    {
        fixed (byte* name = Encoding.ASCII.GetBytes("Kernel_" + kernel + '\0'))
        {
            return ((delegate* unmanaged<byte*, long>)Export("lsrt_double_launches"))(name);
        }
    }

    public void Dispose()
    {
        Device.Dispose();
        Driver.Dispose();
        ((delegate* unmanaged<void>)Export("lsrt_double_reset"))();
    }

    private long Count(int what) => ((delegate* unmanaged<int, long>)Export("lsrt_double_count"))(what);

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
