using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <summary>Puts a kernel's parameters one after another as the manifest lists them: each at the next multiple of its alignment, gaps zero.</summary>
internal ref struct ParameterWriter
{
    /// <summary>Room for the parameters of any kernel; a test holds it against the manifest.</summary>
    public const int Capacity = 256;

    private readonly Span<byte> _buffer;
    private int _length;

    /// <summary>Starts with the extent, which every kernel takes first.</summary>
    public ParameterWriter(Span<byte> buffer, int extent)
    {
        _buffer = buffer;
        _buffer.Clear();
        Append(extent, sizeof(int));
    }

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    public void Add<T>(DeviceView<T> view)
        where T : unmanaged
    {
        Append(view.Address, sizeof(ulong));
        Append(view.Length, sizeof(long));
    }

    public void Add(AffineTransform map) => Append(map.ToDevice(), sizeof(double));

    public void Add(params ReadOnlySpan<int> values)
    {
        foreach (int value in values)
        {
            Append(value, sizeof(int));
        }
    }

    public void Add(params ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            Append(value, sizeof(float));
        }
    }

    private void Append<T>(T value, int alignment)
        where T : unmanaged
    {
        int offset = (_length + alignment - 1) / alignment * alignment;
        MemoryMarshal.Write(_buffer[offset..], value);
        _length = offset + Unsafe.SizeOf<T>();
    }
}
