using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LatentSync.Video;

/// <summary>
/// The difference between two RGB frames, modulo 256, in three planes: green, red minus green, blue minus green. Still parts become zeros,
/// and a change of brightness alone (most change in a video) leaves the last two planes nearly empty, so that the planes compress well. A
/// difference leads from either frame to the other, which is what playing backwards needs.
/// </summary>
internal static class FrameDelta
{
    private const int Lane = 16;

    // Which byte of a part (one of three) of 48 interleaved bytes goes to a place of a plane, and the way back.
    private static readonly Vector128<byte>[] Split = Masks((plane, part, place) => (place * 3) + plane - (part * Lane));
    private static readonly Vector128<byte>[] Merge = Masks((part, plane, place) =>
        ((part * Lane) + place) % 3 == plane ? ((part * Lane) + place) / 3 : -1);

    /// <summary>Writes <c>to - from</c> into <c>planes</c>, <c>[3,pixels]</c>.</summary>
    public static void Compute(ReadOnlySpan<byte> to, ReadOnlySpan<byte> from, Span<byte> planes)
    {
        int pixels = to.Length / 3;
        Span<byte> green = planes[..pixels];
        Span<byte> red = planes.Slice(pixels, pixels);
        Span<byte> blue = planes.Slice(2 * pixels, pixels);
        int i = 0;
        for (; i + Lane <= pixels; i += Lane)
        {
            Vector128<byte> a = Load(to, i * 3) - Load(from, i * 3);
            Vector128<byte> b = Load(to, (i * 3) + Lane) - Load(from, (i * 3) + Lane);
            Vector128<byte> c = Load(to, (i * 3) + (2 * Lane)) - Load(from, (i * 3) + (2 * Lane));
            Vector128<byte> g = Gather(a, b, c, Split, 1);
            g.CopyTo(green[i..]);
            (Gather(a, b, c, Split, 0) - g).CopyTo(red[i..]);
            (Gather(a, b, c, Split, 2) - g).CopyTo(blue[i..]);
        }

        for (; i < pixels; i++)
        {
            byte g = (byte)(to[(i * 3) + 1] - from[(i * 3) + 1]);
            green[i] = g;
            red[i] = (byte)(to[i * 3] - from[i * 3] - g);
            blue[i] = (byte)(to[(i * 3) + 2] - from[(i * 3) + 2] - g);
        }
    }

    /// <summary>Adds the difference to a frame: from <c>from</c> to <c>to</c>.</summary>
    public static void Add(Span<byte> frame, ReadOnlySpan<byte> planes) => Apply(frame, planes, Vector128<byte>.Zero, 0);

    /// <summary>Takes the difference away from a frame: from <c>to</c> back to <c>from</c>.</summary>
    public static void Subtract(Span<byte> frame, ReadOnlySpan<byte> planes) => Apply(frame, planes, Vector128<byte>.AllBitsSet, 255);

    /// <summary>With all bits set, <c>(d ^ m) - m</c> is <c>-d</c> modulo 256; with none it is d.</summary>
    private static void Apply(Span<byte> frame, ReadOnlySpan<byte> planes, Vector128<byte> m, byte scalar)
    {
        int pixels = frame.Length / 3;
        ReadOnlySpan<byte> green = planes[..pixels];
        ReadOnlySpan<byte> red = planes.Slice(pixels, pixels);
        ReadOnlySpan<byte> blue = planes.Slice(2 * pixels, pixels);
        int i = 0;
        for (; i + Lane <= pixels; i += Lane)
        {
            Vector128<byte> g = (Load(green, i) ^ m) - m;
            Vector128<byte> r = (Load(red, i) ^ m) - m + g;
            Vector128<byte> b = (Load(blue, i) ^ m) - m + g;
            for (int part = 0; part < 3; part++)
            {
                Span<byte> bytes = frame[((i * 3) + (part * Lane))..];
                (Load(bytes, 0) + Gather(r, g, b, Merge, part)).CopyTo(bytes);
            }
        }

        for (; i < pixels; i++)
        {
            byte g = (byte)((green[i] ^ scalar) - scalar);
            frame[i * 3] += (byte)((red[i] ^ scalar) - scalar + g);
            frame[(i * 3) + 1] += g;
            frame[(i * 3) + 2] += (byte)((blue[i] ^ scalar) - scalar + g);
        }
    }

    private static Vector128<byte> Load(ReadOnlySpan<byte> bytes, int offset) => MemoryMarshal.Read<Vector128<byte>>(bytes[offset..]);

    private static Vector128<byte> Gather(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte>[] masks, int row) =>
        Vector128.Shuffle(a, masks[row * 3]) | Vector128.Shuffle(b, masks[(row * 3) + 1]) | Vector128.Shuffle(c, masks[(row * 3) + 2]);

    /// <summary>
    /// Nine masks. For <see cref="Split"/> a row is a plane and a column a part; for <see cref="Merge"/> a row is a part and a column a plane.
    /// Out of range means: nothing from here.
    /// </summary>
    private static Vector128<byte>[] Masks(Func<int, int, int, int> source)
    {
        Vector128<byte>[] masks = new Vector128<byte>[9];
        Span<byte> mask = stackalloc byte[Lane];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                for (int place = 0; place < Lane; place++)
                {
                    int index = source(row, column, place);
                    mask[place] = index is >= 0 and < Lane ? (byte)index : (byte)255;
                }

                masks[(row * 3) + column] = Vector128.Create((ReadOnlySpan<byte>)mask);
            }
        }

        return masks;
    }
}
