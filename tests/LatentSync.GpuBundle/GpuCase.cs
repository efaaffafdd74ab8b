using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LatentSync.Kernels.Manifest;
using LatentSync.Runtime;

namespace LatentSync.GpuBundle;

/// <summary>
/// Buffers, launches over them, and which buffers to look at afterwards. Built by calling the kernels' typed calls on it as on a stream: what they launch
/// is recorded, pointers into the case's buffers recognised by the kernels' manifest.
/// </summary>
/// <param name="name">The case's name; that of the kernel, if it is about one.</param>
internal sealed class GpuCase(string name) : IKernelLauncher
{
    // Far from one another and from null, so that an address tells its buffer.
    private const int AddressBits = 40;

    private readonly List<CaseBuffer> _buffers = [];
    private readonly List<CaseLaunch> _launches = [];
    private readonly List<CaseExpectation> _expectations = [];

    public string Name => name;

    /// <summary>How often the launches run, all of them each time.</summary>
    public int Repeats { get; init; } = 1;

    public IReadOnlyList<CaseBuffer> Buffers => _buffers;

    public IReadOnlyList<CaseLaunch> Launches => _launches;

    public IReadOnlyList<CaseExpectation> Expectations => _expectations;

    /// <summary>Bytes by formula.</summary>
    public DeviceView<byte> Bytes(int count) => Add<byte>(CaseBuffer.Bytes(count, NextSeed));

    /// <summary>Integers by formula in 0..2^bits.</summary>
    public DeviceView<int> Integers(int count, int bits) => Add<int>(CaseBuffer.Integers(count, NextSeed, bits));

    /// <summary>Floats by formula in -scale..scale.</summary>
    public DeviceView<float> Floats(int count, float scale = 1) => Add<float>(CaseBuffer.Floats(count, NextSeed, scale));

    /// <summary>Floats by formula in 0..1.</summary>
    public DeviceView<float> Fractions(int count) => Add<float>(CaseBuffer.Fractions(count, NextSeed));

    /// <summary>Room for an output. It holds 0xFF at first, NaN as a float, so that what is not written shows.</summary>
    public DeviceView<T> Output<T>(int count)
        where T : unmanaged => Filled<T>(count, 0xFF);

    public DeviceView<T> Filled<T>(int count, byte value)
        where T : unmanaged => Add<T>(CaseBuffer.Filled(ElementOf<T>(), count * SizeOf<T>(), value));

    /// <summary>Data that goes into the file as it is.</summary>
    public DeviceView<T> Data<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Add<T>(CaseBuffer.Data(ElementOf<T>(), MemoryMarshal.AsBytes(values)));

    /// <summary>The whole buffer of a view is to hold what the reference leaves there.</summary>
    public void Expect<T>(DeviceView<T> view, float tolerance)
        where T : unmanaged => _expectations.Add(new CaseExpectation(Locate(view.Address).Buffer, tolerance));

    /// <inheritdoc/>
    void IKernelLauncher.Launch(string kernel, int extent, ReadOnlySpan<byte> parameters)
    {
        byte[] bytes = parameters.ToArray();
        List<CasePointer> pointers = [];
        foreach (KernelParameter parameter in KernelReference.SignatureOf(kernel).Parameters.Where(parameter => parameter.Kind == KernelParameterKind.View))
        {
            Span<byte> pointer = bytes.AsSpan(parameter.Offset, sizeof(ulong));
            ulong address = BitConverter.ToUInt64(pointer);
            if (address != 0)
            {
                (int buffer, int offset) = Locate(address);
                pointers.Add(new CasePointer(parameter.Offset, buffer, offset));
                pointer.Clear();
            }
        }

        _launches.Add(new CaseLaunch(kernel, extent, bytes, pointers));
    }

    // No two buffers of a case hold the same.
    private uint NextSeed => (uint)_buffers.Count + 1;

    private static (int Buffer, int Offset) Locate(ulong address) => ((int)(address >> AddressBits) - 1, (int)(address & ((1UL << AddressBits) - 1)));

    private static int SizeOf<T>() => Unsafe.SizeOf<T>();

    private static CaseElement ElementOf<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Byte => CaseElement.UInt8,
        TypeCode.Int16 => CaseElement.Int16,
        TypeCode.Int32 => CaseElement.Int32,
        TypeCode.Single => CaseElement.Float32,
        _ => throw new NotSupportedException($"buffers of {typeof(T)}"),
    };

    private DeviceView<T> Add<T>(CaseBuffer buffer)
        where T : unmanaged
    {
        _buffers.Add(buffer);
        return new DeviceView<T>((ulong)_buffers.Count << AddressBits, buffer.Count);
    }
}
