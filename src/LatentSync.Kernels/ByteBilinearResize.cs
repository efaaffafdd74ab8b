using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LatentSync.Kernels;

/// <summary>
/// Bilinear resize of 8-bit RGB with the integer arithmetic of OpenCV's <c>INTER_LINEAR</c>, fused with the change to the planar
/// floats that a network reads. One instance serves one pair of sizes and keeps its tables and row buffers; it is for one thread at a time.
/// </summary>
/// <remarks>
/// Weights are rounded to 11 bits. Rows are blended horizontally first (19 bits, the lowest 4 dropped), then vertically (the products' lowest
/// 16 bits dropped), and 2 more bits are rounded away at the end: the order of these truncations decides the last bit.
/// </remarks>
public sealed class ByteBilinearResize
{
    private const int WeightOne = 1 << 11;

    private readonly int[] _left;
    private readonly int[] _right;
    private readonly int[] _leftWeight;
    private readonly int[] _rightWeight;
    private readonly int[] _top;
    private readonly int[] _topWeight;
    private readonly int[] _bottomWeight;
    private int[] _upperRow;
    private int[] _lowerRow;

    /// <summary>Prepares the tables for a pair of sizes.</summary>
    /// <param name="sourceWidth">Width of the source in pixels, at least 1.</param>
    /// <param name="sourceHeight">Height of the source in pixels, at least 1.</param>
    /// <param name="width">Width of the result in pixels, at least 1.</param>
    /// <param name="height">Height of the result in pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public ByteBilinearResize(int sourceWidth, int sourceHeight, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        (SourceWidth, SourceHeight, Width, Height) = (sourceWidth, sourceHeight, width, height);

        (_left, _leftWeight, _rightWeight) = Taps(sourceWidth, width, clampWeights: true);
        _right = [.. _left.Select(x => 3 * Math.Min(x + 1, sourceWidth - 1))];
        _left = [.. _left.Select(x => 3 * x)];
        (_top, _topWeight, _bottomWeight) = Taps(sourceHeight, height, clampWeights: false);
        _upperRow = new int[3 * width];
        _lowerRow = new int[3 * width];
    }

    /// <summary>Width of the source in pixels.</summary>
    public int SourceWidth { get; }

    /// <summary>Height of the source in pixels.</summary>
    public int SourceHeight { get; }

    /// <summary>Width of the result in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the result in pixels.</summary>
    public int Height { get; }

    /// <summary>Resizes into the top left corner of planes in the order blue, green, red, as <c>(byte - mean) * scale</c>.</summary>
    /// <param name="source">Pixels <c>[SourceHeight,SourceWidth,3]</c>, red first.</param>
    /// <param name="planes"><c>[3,planeHeight,planeWidth]</c>; what lies right of and below the result is left as it is.</param>
    /// <param name="planeWidth">Width of a plane, at least <see cref="Width"/>.</param>
    /// <param name="planeHeight">Height of a plane, at least <see cref="Height"/>.</param>
    /// <param name="mean">Subtracted from each byte.</param>
    /// <param name="scale">Multiplies the difference.</param>
    /// <exception cref="ArgumentException">A buffer is too short or the planes are smaller than the result.</exception>
    public void ResizeToBgrPlanes(ReadOnlySpan<byte> source, Span<float> planes, int planeWidth, int planeHeight, float mean, float scale)
    {
        if (source.Length < RgbImage.SizeInBytes(SourceWidth, SourceHeight) || planeWidth < Width || planeHeight < Height
            || planes.Length < 3L * planeWidth * planeHeight)
        {
            throw new ArgumentException($"{SourceWidth}x{SourceHeight} RGB into 3x{planeHeight}x{planeWidth}: a buffer is too short for {Width}x{Height}");
        }

        int upper = -1, lower = -1;
        for (int y = 0; y < Height; y++)
        {
            int top = Math.Clamp(_top[y], 0, SourceHeight - 1), bottom = Math.Clamp(_top[y] + 1, 0, SourceHeight - 1);
            if (top == lower)
            {
                (_upperRow, _lowerRow) = (_lowerRow, _upperRow);
                (upper, lower) = (lower, upper);
            }

            if (top != upper)
            {
                BlendAcross(source.Slice(top * SourceWidth * 3, SourceWidth * 3), _upperRow);
                upper = top;
            }

            if (bottom != lower)
            {
                BlendAcross(source.Slice(bottom * SourceWidth * 3, SourceWidth * 3), _lowerRow);
                lower = bottom;
            }

            for (int channel = 0; channel < 3; channel++)
            {
                Span<float> output = planes.Slice((((2 - channel) * planeHeight) + y) * planeWidth, Width);
                BlendDown(_upperRow.AsSpan(channel * Width, Width), _lowerRow.AsSpan(channel * Width, Width), _topWeight[y], _bottomWeight[y], output, mean, scale);
            }
        }
    }

    private void BlendAcross(ReadOnlySpan<byte> row, int[] result)
    {
        Span<int> red = result.AsSpan(0, Width), green = result.AsSpan(Width, Width), blue = result.AsSpan(2 * Width, Width);
        for (int x = Avx2.IsSupported ? BlendAcrossByEight(row, red, green, blue) : 0; x < red.Length; x++)
        {
            int leftWeight = _leftWeight[x], rightWeight = _rightWeight[x];
            ReadOnlySpan<byte> left = row.Slice(_left[x], 3), right = row.Slice(_right[x], 3);
            red[x] = ((left[0] * leftWeight) + (right[0] * rightWeight)) >> 4;
            green[x] = ((left[1] * leftWeight) + (right[1] * rightWeight)) >> 4;
            blue[x] = ((left[2] * leftWeight) + (right[2] * rightWeight)) >> 4;
        }
    }

    /// <summary>Eight positions at a time, as far as the four bytes gathered of each pixel lie within the row; returns how far.</summary>
    private unsafe int BlendAcrossByEight(ReadOnlySpan<byte> row, Span<int> red, Span<int> green, Span<int> blue)
    {
        Vector256<int> low = Vector256.Create(0xFF);
        int x = 0;
        fixed (byte* pixels = row)
        {
            for (; x + 8 <= red.Length && _right[x + 7] + sizeof(int) <= row.Length; x += 8)
            {
                Vector256<int> left = Avx2.GatherVector256((int*)pixels, Vector256.Create(_left, x), 1);
                Vector256<int> right = Avx2.GatherVector256((int*)pixels, Vector256.Create(_right, x), 1);
                Vector256<int> leftWeight = Vector256.Create(_leftWeight, x), rightWeight = Vector256.Create(_rightWeight, x);
                ((((left & low) * leftWeight) + ((right & low) * rightWeight)) >> 4).CopyTo(red[x..]);
                (((((left >> 8) & low) * leftWeight) + (((right >> 8) & low) * rightWeight)) >> 4).CopyTo(green[x..]);
                (((((left >> 16) & low) * leftWeight) + (((right >> 16) & low) * rightWeight)) >> 4).CopyTo(blue[x..]);
            }
        }

        return x;
    }

    private static void BlendDown(ReadOnlySpan<int> upper, ReadOnlySpan<int> lower, int upperWeight, int lowerWeight, Span<float> output, float mean, float scale)
    {
        ReadOnlySpan<Vector<int>> uppers = MemoryMarshal.Cast<int, Vector<int>>(upper), lowers = MemoryMarshal.Cast<int, Vector<int>>(lower);
        Span<Vector<float>> outputs = MemoryMarshal.Cast<float, Vector<float>>(output);
        Vector<float> means = new(mean);
        for (int i = 0; i < outputs.Length; i++)
        {
            Vector<int> sum = ((uppers[i] * upperWeight) >> 16) + ((lowers[i] * lowerWeight) >> 16) + new Vector<int>(2);
            outputs[i] = (Vector.ConvertToSingle(sum >> 2) - means) * scale;
        }

        for (int x = outputs.Length * Vector<float>.Count; x < output.Length; x++)
        {
            output[x] = (((((upper[x] * upperWeight) >> 16) + ((lower[x] * lowerWeight) >> 16) + 2) >> 2) - mean) * scale;
        }
    }

    /// <summary>
    /// First tap and 11-bit weights of each output position. The position is a double rounded to float, as OpenCV keeps it. Across,
    /// a position outside the picture takes the edge pixel whole; down, the row index is clamped and the weights stay.
    /// </summary>
    private static (int[] First, int[] FirstWeight, int[] SecondWeight) Taps(int sourceSize, int size, bool clampWeights)
    {
        int[] first = new int[size], firstWeight = new int[size], secondWeight = new int[size];
        double step = 1 / ((double)size / sourceSize);
        for (int i = 0; i < size; i++)
        {
            float position = (float)(((i + 0.5) * step) - 0.5);
            int tap = (int)MathF.Floor(position);
            float fraction = position - tap;
            if (clampWeights && (tap < 0 || tap >= sourceSize - 1))
            {
                (tap, fraction) = (Math.Clamp(tap, 0, sourceSize - 1), 0);
            }

            first[i] = tap;
            firstWeight[i] = (int)MathF.Round((1 - fraction) * WeightOne);
            secondWeight[i] = (int)MathF.Round(fraction * WeightOne);
        }

        return (first, firstWeight, secondWeight);
    }
}
