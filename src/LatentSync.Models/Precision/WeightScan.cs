using System.Buffers;
using System.Runtime.InteropServices;
using LatentSync.Models.Onnx;

namespace LatentSync.Models.Precision;

/// <summary>Looks at constants' magnitudes, a window at a time and each constant once.</summary>
internal sealed class WeightScan(CancellationToken cancellationToken)
{
    private const int WindowLength = 1 << 18;

    // Magnitudes as bits order like the numbers: 65,504, the least normal half 2^-14, and 2^-25, half of the least subnormal one (a tie, to even: 0).
    private const uint LargestHalf = 0x477FE000;
    private const uint LeastNormalHalf = 0x38800000;
    private const uint LargestFlushed = 0x33000000;

    private readonly Dictionary<string, WeightRange> _ranges = new(StringComparer.Ordinal);

    /// <summary>What was looked at, in that order.</summary>
    public IReadOnlyCollection<WeightRange> Ranges => _ranges.Values;

    public WeightRange Measure(OnnxInitializer initializer)
    {
        if (!_ranges.TryGetValue(initializer.Name, out WeightRange? range))
        {
            range = Scan(initializer);
            _ranges.Add(initializer.Name, range);
        }

        return range;
    }

    private WeightRange Scan(OnnxInitializer initializer)
    {
        uint largest = 0;
        long overflow = 0, subnormal = 0, flushed = 0;
        uint[] window = ArrayPool<uint>.Shared.Rent(WindowLength);
        try
        {
            for (long start = 0, count = initializer.Source.ElementCount; start < count; start += WindowLength)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<uint> bits = window.AsSpan(0, (int)Math.Min(WindowLength, count - start));
                initializer.Source.Read(start, MemoryMarshal.AsBytes(bits));
                foreach (uint element in bits)
                {
                    uint magnitude = element & 0x7FFFFFFF;
                    largest = Math.Max(largest, magnitude);
                    overflow += magnitude > LargestHalf ? 1 : 0;
                    subnormal += magnitude is > LargestFlushed and < LeastNormalHalf ? 1 : 0;
                    flushed += magnitude is > 0 and <= LargestFlushed ? 1 : 0;
                }
            }
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(window);
        }

        return new WeightRange(initializer.Name, initializer.Source.ElementCount, BitConverter.UInt32BitsToSingle(largest), overflow, subnormal, flushed);
    }
}
