using LatentSync.Kernels;
using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Runtime;

namespace LatentSync.GpuBundle.Cases;

/// <summary>Cutting a face out and putting it back.</summary>
internal static class FaceCases
{
    // Where PTX says a product and a sum, the device may round once instead of twice: a float is off by some units in the last place of its terms, a byte
    // by one where that crosses an integer. Integers are exact.
    private const float Exact = 0, OneStep = 1, Rounding = 4e-6f;

    public static IEnumerable<GpuCase> All(CaseSizes sizes) =>
    [
        WarpFace(sizes), ResizeRowsLanczos4(sizes), ResizeColumnsLanczos4(sizes), NormalizeAndMask(sizes), ResizeColumnsBicubic(sizes),
        ResizeRowsBicubic(sizes), BlendFace(sizes), KeepOriginal(sizes), AlignAndComposite(sizes),
    ];

    private static GpuCase WarpFace(CaseSizes sizes)
    {
        GpuCase made = new(nameof(WarpKernels.WarpFace));
        DeviceView<byte> frame = made.Bytes(3 * sizes.FrameWidth * sizes.FrameHeight), crop = made.Output<byte>(3 * sizes.CropWidth * sizes.CropHeight);
        made.WarpFace(frame, crop, sizes.Transform.Invert(), sizes.FrameWidth, sizes.FrameHeight, sizes.CropWidth, sizes.CropHeight);
        made.Expect(crop, OneStep);
        return made;
    }

    private static GpuCase ResizeRowsLanczos4(CaseSizes sizes)
    {
        GpuCase made = new(nameof(WarpKernels.ResizeRowsLanczos4));
        Lanczos4Taps taps = new(sizes.CropWidth, sizes.Resolution);
        DeviceView<byte> crop = made.Bytes(3 * sizes.CropWidth * sizes.CropHeight);
        DeviceView<int> sums = made.Output<int>(3 * sizes.Resolution * sizes.CropHeight);
        made.ResizeRowsLanczos4(
            crop, sums, made.Data<int>(taps.Starts), made.Data<short>(taps.Weights), sizes.CropWidth, sizes.Resolution, sizes.CropHeight);
        made.Expect(sums, Exact);
        return made;
    }

    private static GpuCase ResizeColumnsLanczos4(CaseSizes sizes)
    {
        GpuCase made = new(nameof(WarpKernels.ResizeColumnsLanczos4));
        Lanczos4Taps taps = new(sizes.CropHeight, sizes.Resolution);
        int row = 3 * sizes.Resolution;

        // Sums of the row pass: bytes of 8 bits, weights of which 11 bits are 1.
        DeviceView<int> sums = made.Integers(row * sizes.CropHeight, 8 + Lanczos4Taps.WeightBits);
        DeviceView<byte> face = made.Output<byte>(row * sizes.Resolution);
        made.ResizeColumnsLanczos4(sums, face, made.Data<int>(taps.Starts), made.Data<short>(taps.Weights), sizes.CropHeight, row, sizes.Resolution);
        made.Expect(face, Exact);
        return made;
    }

    private static GpuCase NormalizeAndMask(CaseSizes sizes)
    {
        GpuCase made = new(nameof(NormalizeKernels.NormalizeAndMask));
        int area = sizes.Resolution * sizes.Resolution;
        DeviceView<byte> face = made.Bytes(3 * area);
        DeviceView<float> mask = made.Fractions(area), pixels = made.Output<float>(3 * area), masked = made.Output<float>(3 * area);
        made.NormalizeAndMask(face, mask, pixels, masked, area);
        made.Expect(pixels, Rounding);
        made.Expect(masked, Rounding);
        return made;
    }

    private static GpuCase ResizeColumnsBicubic(CaseSizes sizes)
    {
        GpuCase made = new(nameof(CompositeKernels.ResizeColumnsBicubic));
        BicubicTaps taps = new(sizes.Resolution, sizes.CropHeight);
        DeviceView<float> planes = made.Floats(3 * sizes.Resolution * sizes.Resolution), columns = made.Output<float>(3 * sizes.CropHeight * sizes.Resolution);
        made.ResizeColumnsBicubic(
            planes, columns, made.Data<int>(taps.Starts), made.Data<float>(taps.Weights), sizes.Resolution, sizes.Resolution, sizes.CropHeight, taps.Count);
        made.Expect(columns, Rounding);
        return made;
    }

    private static GpuCase ResizeRowsBicubic(CaseSizes sizes)
    {
        GpuCase made = new(nameof(CompositeKernels.ResizeRowsBicubic));
        BicubicTaps taps = new(sizes.Resolution, sizes.CropWidth);
        DeviceView<float> columns = made.Floats(3 * sizes.CropHeight * sizes.Resolution), pixels = made.Output<float>(3 * sizes.CropHeight * sizes.CropWidth);
        made.ResizeRowsBicubic(
            columns, pixels, made.Data<int>(taps.Starts), made.Data<float>(taps.Weights), sizes.Resolution, sizes.CropWidth, sizes.CropHeight, taps.Count);
        made.Expect(pixels, Rounding);
        return made;
    }

    private static GpuCase BlendFace(CaseSizes sizes)
    {
        GpuCase made = new(nameof(CompositeKernels.BlendFace));
        SoftMaskPlan plan = sizes.Plan;
        PixelBox box = plan.Box;
        DeviceView<byte> frame = made.Bytes(3 * sizes.FrameWidth * sizes.FrameHeight);
        DeviceView<float> soft = made.Fractions(box.Area), mask = made.Fractions(box.Area), crop = made.Floats(3 * sizes.CropHeight * sizes.CropWidth, 1.2f);
        made.BlendFace(
            frame,
            soft,
            mask,
            crop,
            plan.FrameToCrop,
            box.X,
            box.Y,
            box.Width,
            plan.CropWidth,
            plan.CropHeight,
            (box.Y * sizes.FrameWidth) + box.X,
            sizes.FrameWidth,
            box.Height);
        made.Expect(frame, OneStep);
        return made;
    }

    private static GpuCase KeepOriginal(CaseSizes sizes)
    {
        GpuCase made = new(nameof(CompositeKernels.KeepOriginal));
        int area = sizes.Resolution * sizes.Resolution;
        DeviceView<float> original = made.Floats(3 * area), mask = made.Fractions(area), decoded = made.Floats(3 * area);
        made.KeepOriginal(original, mask, decoded, area);
        made.Expect(decoded, Rounding);
        return made;
    }

    /// <summary>A face cut out of a frame, and another one put into its place: what jobs enqueue for a frame.</summary>
    private static GpuCase AlignAndComposite(CaseSizes sizes)
    {
        GpuCase made = new(nameof(AlignAndComposite));
        FaceTables tables = new(sizes.Resolution, sizes.FrameWidth, sizes.FrameHeight);
        byte[] bytes = new byte[tables.SizeInBytes];
        tables.WriteTo(bytes);
        FaceSequences sequences = new(tables, made.Data<byte>(bytes));
        int area = sizes.Resolution * sizes.Resolution;
        DeviceView<byte> frame = made.Bytes(3 * sizes.FrameWidth * sizes.FrameHeight);
        DeviceView<float> mask = made.Fractions(area), pixels = made.Output<float>(3 * area), masked = made.Output<float>(3 * area);
        sequences.Align(made, frame, sizes.Transform, mask, pixels, masked, made.Output<byte>((int)sequences.AlignScratchInBytes));
        SoftMaskPlan plan = sizes.Plan;
        sequences.Composite(made, frame, plan, made.Floats(3 * area, 1.2f), made.Output<byte>((int)sequences.CompositeScratchFor(plan)));

        // A byte of the crop that is one off moves the face by under 1.7 steps (a sum of absolute Lanczos weights is under 1.3 an axis), and rounding by one.
        made.Expect(pixels, 3 * 2f / 255);
        made.Expect(masked, 3 * 2f / 255);
        made.Expect(frame, OneStep);
        return made;
    }
}
