using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LatentSync.Kernels;

/// <summary>
/// Affine warp of 8-bit RGB with the arithmetic of current OpenCV's <c>warpAffine</c> (<c>INTER_LINEAR</c>, constant border 0), fused with the
/// change to the planar floats that a network reads.
/// </summary>
/// <remarks>
/// OpenCV inverts the map in doubles, rounds it to float32 and from there on works in float32 with fused multiply-adds: the source coordinate, the
/// blend across, the blend down, one rounding to a byte (halves to even). Releases before its warp kernels of 2024 cut coordinates to 1/32 pixel
/// instead, which moves the landmarks of a large face by up to two pixels; the references were made with the current arithmetic.
/// </remarks>
public static class ByteAffineWarp
{
    /// <summary>Warps into planes in the order blue, green, red, as <c>(byte - mean) * scale</c>.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="sourceToResult">Maps coordinates of the source to those of the result; a singular map shows the source's corner everywhere.</param>
    /// <param name="planes"><c>[3,height,width]</c>.</param>
    /// <param name="width">Width of the result in pixels.</param>
    /// <param name="height">Height of the result in pixels.</param>
    /// <param name="mean">Subtracted from each byte.</param>
    /// <param name="scale">Multiplies the difference.</param>
    /// <exception cref="ArgumentException">The planes are too short.</exception>
    public static void WarpToBgrPlanes(RgbImage source, in AffineTransform sourceToResult, Span<float> planes, int width, int height, float mean, float scale)
    {
        int planeSize = checked(width * height);
        if (planes.Length < 3L * planeSize)
        {
            throw new ArgumentException($"the planes hold {planes.Length} elements, 3x{height}x{width} needed");
        }

        AffineTransform back = Invert(sourceToResult);
        (float xx, float xy, float x0) = ((float)back.M00, (float)back.M01, (float)back.M02);
        (float yx, float yy, float y0) = ((float)back.M10, (float)back.M11, (float)back.M12);
        Vector128<float> means = Vector128.Create(mean), scales = Vector128.Create(scale);
        for (int y = 0; y < height; y++)
        {
            float rowX = (xy * y) + x0, rowY = (yy * y) + y0;
            Span<float> blue = planes.Slice(y * width, width);
            Span<float> green = planes.Slice(planeSize + (y * width), width);
            Span<float> red = planes.Slice((2 * planeSize) + (y * width), width);
            for (int x = 0; x < width; x++)
            {
                Vector128<float> pixel = Sample(source, MathF.FusedMultiplyAdd(xx, x, rowX), MathF.FusedMultiplyAdd(yx, x, rowY));
                pixel = (Vector128.Round(pixel) - means) * scales;
                red[x] = pixel[0];
                green[x] = pixel[1];
                blue[x] = pixel[2];
            }
        }
    }

    /// <summary>The blend of the four pixels around a point, red first; pixels outside the picture are 0.</summary>
    private static Vector128<float> Sample(RgbImage source, float x, float y)
    {
        float left = MathF.Floor(x), top = MathF.Floor(y);
        int column = (int)left, row = (int)top;
        Vector128<float> upperLeft, upperRight, lowerLeft, lowerRight;
        int stride = source.Width * 3;

        // The four bytes read of the last pixel of all would end past the picture: it takes the careful way.
        if ((uint)column < (uint)(source.Width - 1) && (uint)row < (uint)(source.Height - 1) && (row + 2 < source.Height || column + 2 < source.Width))
        {
            ReadOnlySpan<byte> pixels = source.Span[((row * stride) + (column * 3))..];
            (upperLeft, upperRight) = (FourBytes(pixels), FourBytes(pixels[3..]));
            (lowerLeft, lowerRight) = (FourBytes(pixels[stride..]), FourBytes(pixels[(stride + 3)..]));
        }
        else
        {
            (upperLeft, upperRight) = (PixelOrZero(source, column, row), PixelOrZero(source, column + 1, row));
            (lowerLeft, lowerRight) = (PixelOrZero(source, column, row + 1), PixelOrZero(source, column + 1, row + 1));
        }

        Vector128<float> across = Vector128.Create(x - left), down = Vector128.Create(y - top);
        Vector128<float> upper = Vector128.FusedMultiplyAdd(across, upperRight - upperLeft, upperLeft);
        Vector128<float> lower = Vector128.FusedMultiplyAdd(across, lowerRight - lowerLeft, lowerLeft);
        return Vector128.FusedMultiplyAdd(down, lower - upper, upper);
    }

    private static Vector128<float> FourBytes(ReadOnlySpan<byte> bytes)
    {
        Vector128<byte> packed = Vector128.CreateScalar(MemoryMarshal.Read<uint>(bytes)).AsByte();
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(packed)).AsInt32());
    }

    private static Vector128<float> PixelOrZero(RgbImage source, int x, int y)
    {
        if ((uint)x >= (uint)source.Width || (uint)y >= (uint)source.Height)
        {
            return Vector128<float>.Zero;
        }

        ReadOnlySpan<byte> pixel = source.Span.Slice(((y * source.Width) + x) * 3, 3);
        return Vector128.Create(pixel[0], pixel[1], pixel[2], 0f);
    }

    /// <summary>The inverse in OpenCV's order of operations, which multiplies by the reciprocal of the determinant.</summary>
    private static AffineTransform Invert(in AffineTransform m)
    {
        double determinant = (m.M00 * m.M11) - (m.M01 * m.M10);
        double reciprocal = determinant != 0 ? 1 / determinant : 0;
        double m00 = m.M11 * reciprocal, m01 = m.M01 * -reciprocal, m10 = m.M10 * -reciprocal, m11 = m.M00 * reciprocal;
        return new AffineTransform(m00, m01, (-m00 * m.M02) - (m01 * m.M12), m10, m11, (-m10 * m.M02) - (m11 * m.M12));
    }
}
