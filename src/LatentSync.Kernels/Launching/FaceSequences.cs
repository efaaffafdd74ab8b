using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <summary>
/// Cutting a face out of a frame and putting it back, as sequences of kernels on device memory: nothing is copied, nothing is allocated, and the arithmetic
/// is that of <see cref="IFaceKernels"/>. Not bound to a stream; any number of threads may share one, each with scratch memory of its own.
/// </summary>
public sealed class FaceSequences
{
    private readonly FaceTables _tables;
    private readonly FaceTableViews _views;

    /// <summary>Takes the tables where they were uploaded to; that memory must outlive this object's launches.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="uploaded">What <see cref="FaceTables.WriteTo"/> wrote, in device memory, at a multiple of 4.</param>
    /// <exception cref="ArgumentException">The memory is shorter than the tables.</exception>
    public FaceSequences(FaceTables tables, DeviceView<byte> uploaded)
    {
        LaunchCheck.Holds(uploaded, tables.SizeInBytes);
        _tables = tables;
        _views = tables.Place(uploaded.Address);
        AlignScratchInBytes = PlaceAlign(default).Length;
        CompositeScratchInBytes = PlaceComposite(default, tables.FrameWidth * tables.FrameHeight).Length;
    }

    /// <summary>Bytes of scratch memory that <see cref="Align"/> takes.</summary>
    public long AlignScratchInBytes { get; }

    /// <summary>Bytes of scratch memory with which <see cref="Composite"/> can put a face anywhere in the frame: three floats a pixel, and the crop.</summary>
    public long CompositeScratchInBytes { get; }

    /// <summary>Bytes of scratch memory that <see cref="Composite"/> takes for one plan.</summary>
    /// <param name="plan">The plan.</param>
    public long CompositeScratchFor(SoftMaskPlan plan) => PlaceComposite(default, plan.Box.Area).Length;

    /// <summary>Cuts a face out for the VAE's encoder: affine warp, Lanczos-4 resize, normalisation, mask.</summary>
    /// <param name="launcher">The stream.</param>
    /// <param name="frame">The frame, interleaved RGB, <c>[H,W,3]</c>.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's.</param>
    /// <param name="mask"><c>[R,R]</c>, 1 = keep.</param>
    /// <param name="pixels">Receives <c>[3,R,R]</c>, -1..1.</param>
    /// <param name="maskedPixels">Receives the same times the mask.</param>
    /// <param name="scratch">At least <see cref="AlignScratchInBytes"/>, at a multiple of 4; in use until the launches are done.</param>
    /// <exception cref="ArgumentException">A view is too short.</exception>
    /// <exception cref="InvalidOperationException">The transform is singular or not finite.</exception>
    public void Align(
        IKernelLauncher launcher,
        DeviceView<byte> frame,
        AffineTransform frameToCrop,
        DeviceView<float> mask,
        DeviceView<float> pixels,
        DeviceView<float> maskedPixels,
        DeviceView<byte> scratch)
    {
        LaunchCheck.Holds(scratch, AlignScratchInBytes);
        int size = _tables.Resolution, row = 3 * size;
        var (crop, sums, face, _) = PlaceAlign(scratch.Address);
        launcher.WarpFace(frame, crop, frameToCrop.Invert(), _tables.FrameWidth, _tables.FrameHeight, _tables.CropWidth, _tables.CropHeight);
        launcher.ResizeRowsLanczos4(crop, sums, _views.LanczosColumns.Starts, _views.LanczosColumns.Weights, _tables.CropWidth, size, _tables.CropHeight);
        launcher.ResizeColumnsLanczos4(sums, face, _views.LanczosRows.Starts, _views.LanczosRows.Weights, _tables.CropHeight, row, size);
        launcher.NormalizeAndMask(face, mask, pixels, maskedPixels, size * size);
    }

    /// <summary>Puts a face back into its frame, in place; nothing is launched if the face lies outside the frame.</summary>
    /// <param name="launcher">The stream.</param>
    /// <param name="frame">The frame, interleaved RGB, <c>[H,W,3]</c>, changed in place.</param>
    /// <param name="plan">The soft mask's plan for frames and crops of the tables' sizes.</param>
    /// <param name="face"><c>[3,R,R]</c>, about -1..1, not clamped.</param>
    /// <param name="scratch">At least what <see cref="CompositeScratchFor"/> says, at a multiple of 4; in use until the launches are done.</param>
    /// <exception cref="ArgumentException">A view is too short, or the plan is for other sizes.</exception>
    public void Composite(IKernelLauncher launcher, DeviceView<byte> frame, SoftMaskPlan plan, DeviceView<float> face, DeviceView<byte> scratch)
    {
        if ((plan.FrameWidth, plan.FrameHeight, plan.CropWidth, plan.CropHeight) != (_tables.FrameWidth, _tables.FrameHeight, _tables.CropWidth, _tables.CropHeight))
        {
            throw new ArgumentException(
                $"the plan is for {plan.FrameWidth}x{plan.FrameHeight} frames and {plan.CropWidth}x{plan.CropHeight} crops, the tables for " +
                $"{_tables.FrameWidth}x{_tables.FrameHeight} and {_tables.CropWidth}x{_tables.CropHeight}",
                nameof(plan));
        }

        PixelBox box = plan.Box;
        if (box.IsEmpty)
        {
            return;
        }

        LaunchCheck.Holds(scratch, CompositeScratchFor(plan));
        var (mask, soft, other, columns, crop, _) = PlaceComposite(scratch.Address, box.Area);
        SoftMask(launcher, plan, mask, soft, other);
        ResizeBack(launcher, face, columns, crop);
        launcher.BlendFace(
            frame, soft, mask, crop, plan.FrameToCrop, box.X, box.Y, box.Width, plan.CropWidth, plan.CropHeight, (box.Y * plan.FrameWidth) + box.X, plan.FrameWidth, box.Height);
    }

    private void SoftMask(IKernelLauncher launcher, SoftMaskPlan plan, DeviceView<float> mask, DeviceView<float> soft, DeviceView<float> other)
    {
        (PixelBox box, int edge) = (plan.Box, plan.EdgeWidth);
        DeviceView<float> weights = _views.Blur(edge);
        launcher.WarpMask(mask, plan.FrameToCrop, box.X, box.Y, box.Width, plan.CropWidth, plan.CropHeight, box.Height);
        launcher.ErodeRows(mask, other, box.X, box.Width, plan.FrameWidth, plan.ErosionSize, box.Height);
        launcher.ErodeColumns(other, soft, box.Y, box.Width, box.Height, plan.FrameHeight, plan.ErosionSize);
        launcher.BlurRows(soft, other, weights, box.X, box.Width, plan.FrameWidth, edge, box.Height);
        launcher.BlurColumns(other, soft, weights, box.Y, box.Width, box.Height, plan.FrameHeight, edge);
    }

    private void ResizeBack(IKernelLauncher launcher, DeviceView<float> face, DeviceView<float> columns, DeviceView<float> crop)
    {
        (int size, int width, int height) = (_tables.Resolution, _tables.CropWidth, _tables.CropHeight);
        (TapViews<float> down, TapViews<float> across) = (_views.BicubicRows, _views.BicubicColumns);
        launcher.ResizeColumnsBicubic(face, columns, down.Starts, down.Weights, size, size, height, down.Count);
        launcher.ResizeRowsBicubic(columns, crop, across.Starts, across.Weights, size, width, height, across.Count);
    }

    private (DeviceView<byte> Crop, DeviceView<int> Sums, DeviceView<byte> Face, long Length) PlaceAlign(ulong address)
    {
        int size = _tables.Resolution;
        DeviceArena arena = new(address);
        return (arena.Take<byte>(3L * _tables.CropWidth * _tables.CropHeight), arena.Take<int>(3L * size * _tables.CropHeight), arena.Take<byte>(3L * size * size), arena.Length);
    }

    private (DeviceView<float> Mask, DeviceView<float> Soft, DeviceView<float> Other, DeviceView<float> Columns, DeviceView<float> Crop, long Length) PlaceComposite(
        ulong address, int area)
    {
        DeviceArena arena = new(address);
        return (
            arena.Take<float>(area),
            arena.Take<float>(area),
            arena.Take<float>(area),
            arena.Take<float>(3L * _tables.CropHeight * _tables.Resolution),
            arena.Take<float>(3L * _tables.CropHeight * _tables.CropWidth),
            arena.Length);
    }
}
