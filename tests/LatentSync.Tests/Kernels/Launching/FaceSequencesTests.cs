using LatentSync.Kernels;
using LatentSync.Kernels.Launching;
using LatentSync.Runtime;

namespace LatentSync.Tests.Kernels.Launching;

/// <summary>The sequences on device memory against the same kernels called one by one, which the references hold.</summary>
public sealed class FaceSequencesTests : IDisposable
{
    private const int Resolution = 64;

    private readonly IlgpuLauncher _launcher = new();
    private readonly IlgpuKernels _kernels = IlgpuKernels.CreateCpu();

    public static TheoryData<string, int, int, double, double, double, double> Cases => new()
    {
        { "tilted inside", 171, 163, 0.8, 23, 85, 80 },
        { "cut off on the right and below", 151, 141, 0.7, 12, 149, 137 },
        { "a few pixels", 64, 64, 9, 30, 31, 33 },
        { "outside", 64, 64, 0.9, 0, -400, 30 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Align_AnyPlacement_GivesTheSameBits(string name, int width, int height, double scale, double degrees, double x, double y)
    {
        AffineTransform transform = Placements.Transform(Resolution, scale, degrees, x, y);
        RgbImage frame = Placements.Frame(width, height), crop = new(CropSize.Width(Resolution), CropSize.Height(Resolution)), face = new(Resolution, Resolution);
        float[] mask = Mask(), pixels = new float[3 * mask.Length], masked = new float[3 * mask.Length];
        _kernels.Warp(frame, transform, crop);
        _kernels.ResizeLanczos4(crop, face);
        _kernels.NormalizeAndMask(face, mask, pixels, masked);

        FaceSequences sequences = Create(width, height);
        DeviceView<float> pixelsOut = _launcher.Allocate<float>(pixels.Length), maskedOut = _launcher.Allocate<float>(masked.Length);
        DeviceView<byte> scratch = _launcher.Allocate<byte>(sequences.AlignScratchInBytes);
        sequences.Align(_launcher, _launcher.Upload<byte>(frame.Span), transform, _launcher.Upload<float>(mask), pixelsOut, maskedOut, scratch);

        Assert.True(_launcher.Download(pixelsOut).AsSpan().SequenceEqual(pixels), name);
        Assert.True(_launcher.Download(maskedOut).AsSpan().SequenceEqual(masked), name);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Composite_AnyPlacement_GivesTheSameBytes(string name, int width, int height, double scale, double degrees, double x, double y)
    {
        AffineTransform transform = Placements.Transform(Resolution, scale, degrees, x, y);
        RgbImage frame = Placements.Frame(width, height);
        float[] face = Placements.Face(Resolution);
        FaceSequences sequences = Create(width, height);
        SoftMaskPlan plan = new();
        plan.Update(width, height, CropSize.Width(Resolution), CropSize.Height(Resolution), transform);
        DeviceView<byte> onDevice = _launcher.Upload<byte>(frame.Span), scratch = _launcher.Allocate<byte>(sequences.CompositeScratchFor(plan));
        Assert.InRange(scratch.Length, 1, sequences.CompositeScratchInBytes);
        sequences.Composite(_launcher, onDevice, plan, _launcher.Upload<float>(face), scratch);

        _kernels.Composite(frame, transform, face, Resolution);
        Assert.True(_launcher.Download(onDevice).AsSpan().SequenceEqual(frame.Span), name);
    }

    [Fact]
    public void Sequences_TooLittleMemoryOrAnotherPlan_AreRefusedBeforeAnyLaunch()
    {
        FaceTables tables = new(Resolution, 100, 90);
        Assert.Throws<ArgumentException>(() => new FaceSequences(tables, new DeviceView<byte>(4096, tables.SizeInBytes - 1)));
        Assert.Throws<ArgumentException>(() => tables.WriteTo(new byte[tables.SizeInBytes - 1]));
        FaceSequences sequences = new(tables, new DeviceView<byte>(4096, tables.SizeInBytes));
        RecordingLauncher launcher = new();
        DeviceView<float> floats = new(1 << 20, 1 << 20);
        DeviceView<byte> frame = new(1 << 20, 3 * 100 * 90);
        AffineTransform transform = Placements.Transform(Resolution, 0.9, 0, 50, 45);
        SoftMaskPlan plan = new(), other = new();
        plan.Update(100, 90, tables.CropWidth, tables.CropHeight, transform);
        other.Update(101, 90, tables.CropWidth, tables.CropHeight, transform);

        Assert.Throws<ArgumentException>(() => sequences.Align(launcher, frame, transform, floats, floats, floats, new(4096, sequences.AlignScratchInBytes - 1)));
        Assert.Throws<ArgumentException>(() => sequences.Composite(launcher, frame, plan, floats, new(4096, sequences.CompositeScratchFor(plan) - 1)));
        Assert.Throws<ArgumentException>(() => sequences.Composite(launcher, frame, other, floats, new(4096, sequences.CompositeScratchInBytes)));
        Assert.Equal(0, launcher.Count);
        sequences.Composite(launcher, frame, plan, floats, new(4096, sequences.CompositeScratchFor(plan)));
        Assert.Equal(8, launcher.Count);
    }

    public void Dispose()
    {
        _launcher.Dispose();
        _kernels.Dispose();
    }

    private FaceSequences Create(int width, int height)
    {
        FaceTables tables = new(Resolution, width, height);
        byte[] bytes = new byte[tables.SizeInBytes];
        tables.WriteTo(bytes);
        return new FaceSequences(tables, _launcher.Upload<byte>(bytes));
    }

    private static float[] Mask() => [.. Enumerable.Range(0, Resolution * Resolution).Select(i => i % 5 / 4f)];
}
