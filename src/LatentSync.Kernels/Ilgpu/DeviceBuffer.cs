using ILGPU;
using ILGPU.Runtime;

namespace LatentSync.Kernels.Ilgpu;

/// <summary>Device memory that is kept between calls and grows as needed.</summary>
internal sealed class DeviceBuffer<T>(Accelerator accelerator) : IDisposable
    where T : unmanaged
{
    private MemoryBuffer1D<T, Stride1D.Dense>? _memory;

    /// <summary>Room for some elements; what they hold is undefined.</summary>
    public ArrayView<T> Take(int length)
    {
        if (_memory is null || _memory.Length < length)
        {
            _memory?.Dispose();
            _memory = accelerator.Allocate1D<T>(Math.Max(length + (length / 4), 1));
        }

        return _memory.View.BaseView.SubView(0, length);
    }

    /// <summary>A copy of host memory.</summary>
    public ArrayView<T> Upload(ReadOnlySpan<T> values)
    {
        ArrayView<T> view = Take(values.Length);
        if (values.Length > 0)
        {
            view.CopyFromCPU(accelerator.DefaultStream, values);
        }

        return view;
    }

    public void Dispose() => _memory?.Dispose();
}
