namespace LatentSync.Kernels;

/// <summary>A picture of 8-bit RGB pixels in host memory, <c>[Height,Width,3]</c>, rows without padding.</summary>
public sealed class RgbImage
{
    /// <summary>Wraps existing pixels; nothing is copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels">At least <c>width*height*3</c> bytes, R first; a longer buffer's rest is ignored (pooled memory).</param>
    /// <exception cref="ArgumentException">The buffer is too short.</exception>
    public RgbImage(int width, int height, Memory<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        long size = SizeInBytes(width, height);
        if (pixels.Length < size)
        {
            throw new ArgumentException($"{width}x{height} RGB takes {size} bytes, the buffer holds {pixels.Length}");
        }

        Width = width;
        Height = height;
        Pixels = pixels[..(int)size];
    }

    /// <summary>A black picture in memory of its own.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public RgbImage(int width, int height)
        : this(width, height, new byte[SizeInBytes(width, height)])
    {
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>The pixels, <c>[Height,Width,3]</c>.</summary>
    public Memory<byte> Pixels { get; }

    /// <summary>The pixels as a span.</summary>
    public Span<byte> Span => Pixels.Span;

    /// <summary>Bytes that a picture takes.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public static int SizeInBytes(int width, int height) => checked(width * height * 3);
}
