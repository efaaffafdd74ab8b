using System.Runtime.CompilerServices;

namespace LatentSync.Runtime;

/// <summary>Elements one after another in device memory. A view owns nothing: what it points to must outlive the work that uses it.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Address">Address of the first element on the device, a multiple of the element's size.</param>
/// <param name="Length">Number of elements.</param>
public readonly record struct DeviceView<T>(ulong Address, long Length)
    where T : unmanaged
{
    /// <summary>Bytes that the elements take.</summary>
    public long SizeInBytes => Length * Unsafe.SizeOf<T>();

    /// <summary>A part of the view.</summary>
    /// <param name="start">Index of the part's first element.</param>
    /// <param name="length">Number of elements of the part.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part reaches outside the view.</exception>
    public DeviceView<T> Slice(long start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - start);
        return new DeviceView<T>(Address + ((ulong)start * (ulong)Unsafe.SizeOf<T>()), length);
    }
}
