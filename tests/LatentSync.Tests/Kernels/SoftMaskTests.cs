using LatentSync.Kernels;
using LatentSync.Kernels.Simd;

namespace LatentSync.Tests.Kernels;

public sealed class SoftMaskTests
{
    private const int Resolution = 64;

    [Theory, MemberData(nameof(Placements.All), MemberType = typeof(Placements))]
    public void Composite_BoxOnly_IsIdenticalToTheWholeFrame(string name, int width, int height, double scale, double degrees, double x, double y)
    {
        AffineTransform transform = Placements.Transform(Resolution, scale, degrees, x, y);
        (int cropWidth, int cropHeight) = (CropSize.Width(Resolution), CropSize.Height(Resolution));
        WholeFrameReference reference = new(width, height, cropWidth, cropHeight, transform);
        SoftMask mask = new();
        mask.Compute(width, height, cropWidth, cropHeight, transform);
        Assert.Equal(reference.EdgeWidth, mask.Plan.EdgeWidth);
        AssertSamePlane(reference.Mask, mask.Mask, mask.Plan.Box, width, $"{name}: mask");
        AssertSamePlane(reference.Soft, mask.Soft, mask.Plan.Box, width, $"{name}: soft mask");

        float[] face = Placements.Face(Resolution), crop = new float[cropWidth * cropHeight * 4];
        new BicubicResize(Resolution, Resolution, cropWidth, cropHeight).Resize(face, crop);
        RgbImage frame = Placements.Frame(width, height);
        byte[] expected = reference.Blend(frame.Span, crop);
        new SimdKernels().Composite(frame, transform, face, Resolution);
        Assert.True(expected.AsSpan().SequenceEqual(frame.Span), $"{name}: the frames differ");
    }

    [Fact]
    public void Compute_SmallerFaceAfterLarger_LeavesNothingBehind()
    {
        SoftMask used = new(), fresh = new();
        used.Compute(200, 200, 52, 70, Placements.Transform(Resolution, 0.5, 10, 100, 100));
        AffineTransform transform = Placements.Transform(Resolution, 1.3, -30, 60, 90);
        used.Compute(150, 160, 52, 70, transform);
        fresh.Compute(150, 160, 52, 70, transform);
        Assert.True(used.Soft.SequenceEqual(fresh.Soft));
        Assert.True(used.Mask.SequenceEqual(fresh.Mask));
    }

    [Fact]
    public void Compute_SingularTransform_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => new SoftMask().Compute(64, 64, 52, 70, new AffineTransform(1, 1, 0, 1, 1, 0)));

    /// <summary>Equal bit for bit inside the box, zero outside it.</summary>
    private static void AssertSamePlane(float[] expected, ReadOnlySpan<float> actual, PixelBox box, int width, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            int x = (i % width) - box.X, y = (i / width) - box.Y;
            float value = x >= 0 && y >= 0 && x < box.Width && y < box.Height ? actual[(y * box.Width) + x] : 0;
            Assert.True(BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(value), $"{what} at {i % width},{i / width}: {value:r} instead of {expected[i]:r}");
        }
    }
}
