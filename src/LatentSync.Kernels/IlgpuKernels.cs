using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using LatentSync.Kernels.Ilgpu;
using LatentSync.Runtime;

namespace LatentSync.Kernels;

/// <summary>
/// The same arithmetic through ILGPU: on CUDA, or on ILGPU's CPU accelerator, which is a debugging aid (tens of times slower than <see cref="SimdKernels"/>).
/// Host memory is copied in and out on every call; one call at a time (calls from several threads wait for one another).
/// </summary>
public sealed partial class IlgpuKernels : IFaceKernels, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Context _context;
    private readonly Accelerator _accelerator;
    private readonly KernelSet _kernels;
    private readonly DeviceBuffer<byte> _bytesIn, _bytesOut;
    private readonly DeviceBuffer<int> _sums;
    private readonly DeviceBuffer<float> _first, _second, _third, _fourth;
    private readonly Dictionary<(int Source, int Destination), DeviceTaps<short>> _lanczos = [];
    private readonly Dictionary<(int Source, int Destination), DeviceTaps<float>> _bicubic = [];
    private readonly SoftMaskPlan _plan = new();
    private byte[] _host = [];
    private bool _disposed;

    private IlgpuKernels(Context context, Accelerator accelerator)
    {
        (_context, _accelerator) = (context, accelerator);
        _kernels = new KernelSet(accelerator);
        (_bytesIn, _bytesOut, _sums) = (new(accelerator), new(accelerator), new(accelerator));
        (_first, _second, _third, _fourth) = (new(accelerator), new(accelerator), new(accelerator), new(accelerator));
    }

    /// <inheritdoc/>
    public string Name => $"ILGPU ({_accelerator.Name})";

    /// <summary>The kernels on ILGPU's CPU accelerator.</summary>
    public static IlgpuKernels CreateCpu()
    {
        Context context = Context.Create(builder => builder.CPU(new CPUDevice(2, 2, 1)));
        return new IlgpuKernels(context, context.CreateCPUAccelerator(0));
    }

    /// <summary>The kernels on a CUDA device, in a CUDA context of its own.</summary>
    /// <param name="device">Index of the device.</param>
    /// <exception cref="LatentSyncException">There is no driver or no such device.</exception>
    public static IlgpuKernels CreateCuda(int device = 0)
    {
        CudaDriverResolver.Register();
        Context? context = null;
        try
        {
            context = Context.Create(builder => builder.Cuda());
            int count = context.GetCudaDevices().Count;
            if (device < 0 || device >= count)
            {
                throw new LatentSyncException(
                    LatentSyncError.Environment, count == 0 ? "no CUDA device was found: install the NVIDIA driver, or run on the CPU" : $"there is no CUDA device {device}, only {count}");
            }

            return new IlgpuKernels(context, context.CreateCudaAccelerator(device));
        }
        catch (Exception error) when (error is not LatentSyncException)
        {
            context?.Dispose();
            throw new LatentSyncException(LatentSyncError.Environment, $"CUDA could not be started: {error.Message}; install or update the NVIDIA driver, or run on the CPU", error);
        }
        catch (LatentSyncException)
        {
            context?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            foreach (IDisposable owned in (IEnumerable<IDisposable>)[.. _lanczos.Values, .. _bicubic.Values, _bytesIn, _bytesOut, _sums, _first, _second, _third, _fourth])
            {
                owned.Dispose();
            }

            _accelerator.Dispose();
            _context.Dispose();
        }
    }

    private void Download<T>(ArrayView<T> from, Span<T> to)
        where T : unmanaged
    {
        from.CopyToCPU(_accelerator.DefaultStream, to);
        _accelerator.DefaultStream.Synchronize();
    }

    private DeviceTaps<short> Lanczos(int source, int destination)
    {
        if (!_lanczos.TryGetValue((source, destination), out DeviceTaps<short>? taps))
        {
            Lanczos4Taps table = new(source, destination);
            taps = new DeviceTaps<short>(_accelerator, table.Starts, table.Weights, Lanczos4Taps.Count);
            _lanczos.Add((source, destination), taps);
        }

        return taps;
    }

    private DeviceTaps<float> Bicubic(int source, int destination)
    {
        if (!_bicubic.TryGetValue((source, destination), out DeviceTaps<float>? taps))
        {
            BicubicTaps table = new(source, destination);
            taps = new DeviceTaps<float>(_accelerator, table.Starts, table.Weights, table.Count);
            _bicubic.Add((source, destination), taps);
        }

        return taps;
    }
}
