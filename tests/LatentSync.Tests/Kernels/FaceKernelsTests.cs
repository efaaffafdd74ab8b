using LatentSync.Kernels;
using LatentSync.Kernels.Simd;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Kernels;

/// <summary>The references and slow, obvious implementations against one backend: the bodies are written once, backends derive.</summary>
public abstract class FaceKernelsTests
{
    private const int Resolution = 64;

    public static IEnumerable<object[]> Cases => AlignmentCase.Names;

    protected abstract IFaceKernels Kernels { get; }

    /// <summary>Frames of a case that a backend does; ILGPU's CPU accelerator is too slow for all.</summary>
    protected virtual int FramesPerCase => int.MaxValue;

    /// <summary>Largest crop in pixels that a backend does.</summary>
    protected virtual int MaximumCropArea => int.MaxValue;

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Warp_ReferenceFrame_GivesReferenceCrop(string name) => ForEachFrame(name, (test, i) =>
    {
        RgbImage crop = new(test.CropWidth, test.CropHeight);
        Kernels.Warp(test.Frame(i), test.Matrix(i), crop);
        ByteTolerances.AssertClose(test.Crop(i).Span, crop.Span, $"{name} crop {i}");
    });

    [SkippableTheory, MemberData(nameof(Cases))]
    public void ResizeLanczos4_ReferenceCrop_GivesReferenceFaceExactly(string name) => ForEachFrame(name, (test, i) =>
    {
        RgbImage face = new(test.Resolution, test.Resolution);
        Kernels.ResizeLanczos4(test.Crop(i), face);

        // Integer arithmetic throughout: nothing to tolerate.
        Assert.True(test.Face(i).Span.SequenceEqual(face.Span), $"{name} face {i} differs");
    });

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Composite_ReferenceFace_GivesReferenceFrame(string name) => ForEachFrame(name, (test, i) =>
    {
        RgbImage frame = test.Frame(i);
        Kernels.Composite(frame, test.Matrix(i), test.Synced(i), test.Resolution);
        ByteTolerances.AssertClose(test.Restored(i).Span, frame.Span, $"{name} put-back {i}");
    });

    [SkippableTheory, MemberData(nameof(Placements.All), MemberType = typeof(Placements))]
    public void Composite_AnyPlacement_IsCloseToTheWholeFrame(string name, int width, int height, double scale, double degrees, double x, double y)
    {
        AffineTransform transform = Placements.Transform(Resolution, scale, degrees, x, y);
        (int cropWidth, int cropHeight) = (CropSize.Width(Resolution), CropSize.Height(Resolution));
        float[] face = Placements.Face(Resolution), crop = new float[cropWidth * cropHeight * 4];
        new BicubicResize(Resolution, Resolution, cropWidth, cropHeight).Resize(face, crop);
        RgbImage frame = Placements.Frame(width, height), original = Placements.Frame(width, height);
        WholeFrameReference reference = new(width, height, cropWidth, cropHeight, transform);
        byte[] expected = reference.Blend(frame.Span, crop);
        Kernels.Composite(frame, transform, face, Resolution);
        for (int i = 0; i < expected.Length; i++)
        {
            // Rounding of sums in another order moves a truncated byte by one; what the mask leaves alone has no rounding.
            int allowed = reference.Soft[i / 3] == 0 ? 0 : 1;
            Assert.True(Math.Abs(expected[i] - frame.Span[i]) <= allowed, $"{name} byte {i}: {frame.Span[i]} instead of {expected[i]}, before {original.Span[i]}");
        }
    }

    [SkippableTheory]
    [InlineData(20, 30, 33, 17)]
    [InlineData(3, 2, 9, 11)]
    [InlineData(40, 41, 5, 7)]
    [InlineData(1, 1, 4, 4)]
    [InlineData(12, 9, 12, 9)]
    public void ResizeLanczos4_AnySizes_EqualsThePlainSum(int sourceWidth, int sourceHeight, int width, int height)
    {
        RgbImage source = Placements.Frame(sourceWidth, sourceHeight), actual = new(width, height);
        Kernels.ResizeLanczos4(source, actual);
        Assert.Equal(PlainLanczos(source, width, height), actual.Span.ToArray());
    }

    [SkippableTheory]
    [InlineData(8)]
    [InlineData(13)]
    public void NormalizeAndMask_AnyFace_FollowsTheFormula(int size)
    {
        RgbImage face = Placements.Frame(size, size);
        float[] mask = [.. Enumerable.Range(0, size * size).Select(i => i % 5 / 4f)];
        float[] pixels = new float[3 * size * size], masked = new float[3 * size * size];
        Kernels.NormalizeAndMask(face, mask, pixels, masked);
        for (int i = 0; i < pixels.Length; i++)
        {
            int at = i % (size * size), channel = i / (size * size);
            double expected = (face.Span[(at * 3) + channel] / 255.0 * 2) - 1;

            // A few roundings of values up to 2.
            Assert.Equal(expected, pixels[i], 5e-7);
            Assert.Equal(expected * mask[at], masked[i], 5e-7);
        }
    }

    [SkippableTheory]
    [InlineData(4)]
    [InlineData(7)]
    public void KeepOriginal_AnyMask_FollowsTheFormula(int size)
    {
        int area = size * size;
        float[] original = Placements.Face(size), decoded = [.. Placements.Face(size).Reverse()], before = [.. decoded];
        float[] mask = [.. Enumerable.Range(0, area).Select(i => i % 3 / 2f)];
        Kernels.KeepOriginal(original, mask, decoded);
        for (int i = 0; i < decoded.Length; i++)
        {
            Assert.Equal((before[i] * (1.0 - mask[i % area])) + ((double)original[i] * mask[i % area]), decoded[i], 5e-7);
        }
    }

    [SkippableFact]
    public void GuidedStep_AnyLength_FollowsTheFormula()
    {
        float[] e0 = Placements.Face(5), e1 = [.. e0.Reverse()], sample = [.. e0.Select(v => 1 - v)], before = [.. sample], latents = [.. e0];
        Kernels.GuidedStep(e0, e1, 1.5f, 0.75f, -0.3f, sample);
        Kernels.Scale(latents, 0.18215f);
        for (int i = 0; i < sample.Length; i++)
        {
            double e = e0[i] + (1.5 * ((double)e1[i] - e0[i]));
            Assert.Equal((0.75 * before[i]) - (0.3f * e), sample[i], 1e-6);
            Assert.Equal(e0[i] * 0.18215, latents[i], 1e-6);
        }

        Kernels.Step(e0, 0.5f, 2f, sample = [.. before]);
        Assert.Equal(before.Zip(e0, (x, e) => (0.5 * x) + (2.0 * e)), sample.Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [SkippableFact]
    public void Operations_WrongLengths_AreRefused()
    {
        float[] three = new float[3], four = new float[4];
        RgbImage face = new(2, 2);
        Assert.Throws<ArgumentException>(() => Kernels.Step(three, 1, 1, four));
        Assert.Throws<ArgumentException>(() => Kernels.GuidedStep(four, three, 1, 1, 1, four));
        Assert.Throws<ArgumentException>(() => Kernels.KeepOriginal(four, three, four));
        Assert.Throws<ArgumentException>(() => Kernels.NormalizeAndMask(face, three, new float[12], new float[12]));
        Assert.Throws<ArgumentException>(() => Kernels.NormalizeAndMask(face, four, new float[12], new float[11]));
        Assert.Throws<ArgumentException>(() => Kernels.Composite(face, new AffineTransform(1, 0, 0, 0, 1, 0), four, 8));
        Assert.Throws<InvalidOperationException>(() => Kernels.Warp(face, default, face));
    }

    private static byte[] PlainLanczos(RgbImage source, int width, int height)
    {
        Lanczos4Taps columns = new(source.Width, width), rows = new(source.Height, height);
        byte[] result = new byte[width * height * 3];
        for (int i = 0; i < result.Length; i++)
        {
            (int c, int x, int y) = (i % 3, i / 3 % width, i / 3 / width);
            int sum = 0;
            for (int k = 0; k < 64; k++)
            {
                int sy = Math.Clamp(rows.Starts[y] + (k / 8), 0, source.Height - 1), sx = Math.Clamp(columns.Starts[x] + (k % 8), 0, source.Width - 1);
                sum += source.Span[(((sy * source.Width) + sx) * 3) + c] * columns.Weights[(x * 8) + (k % 8)] * rows.Weights[(y * 8) + (k / 8)];
            }

            result[i] = source.Width == width && source.Height == height ? source.Span[i] : (byte)Math.Clamp((sum + (1 << 21)) >> 22, 0, 255);
        }

        return result;
    }

    private void ForEachFrame(string name, Action<AlignmentCase, int> body)
    {
        using AlignmentCase test = AlignmentCase.Open(name);
        Skip.If(test.CropWidth * test.CropHeight > MaximumCropArea, $"{test.CropWidth}x{test.CropHeight} crops take too long on {Kernels.Name}");
        for (int i = 0; i < Math.Min(test.Count, FramesPerCase); i++)
        {
            body(test, i);
        }
    }
}
