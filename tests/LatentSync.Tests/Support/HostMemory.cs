using System.Buffers;
using System.Runtime.CompilerServices;

namespace LatentSync.Tests.Support;

/// <summary>Numbers at an address: device memory of the driver's double, which is host memory.</summary>
internal sealed unsafe class HostMemory(float* address, int length) : MemoryManager<float>
{
    public override Span<float> GetSpan() => new(address, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(Unsafe.Add<float>(address, elementIndex));

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
