using ILGPU;
using ILGPU.Runtime;

namespace LatentSync.Kernels.Ilgpu;

/// <summary>Resize tables in device memory, kept for as long as the accelerator.</summary>
internal sealed class DeviceTaps<T> : IDisposable
    where T : unmanaged
{
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _starts;
    private readonly MemoryBuffer1D<T, Stride1D.Dense> _weights;

    public DeviceTaps(Accelerator accelerator, int[] starts, T[] weights, int count)
    {
        _starts = accelerator.Allocate1D(starts);
        _weights = accelerator.Allocate1D(weights);
        Count = count;
    }

    public ArrayView<int> Starts => _starts.View.BaseView;

    public ArrayView<T> Weights => _weights.View.BaseView;

    public int Count { get; }

    public void Dispose()
    {
        _starts.Dispose();
        _weights.Dispose();
    }
}
