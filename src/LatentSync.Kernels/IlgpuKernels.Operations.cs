using ILGPU;
using LatentSync.Kernels.Ilgpu;

namespace LatentSync.Kernels;

/// <content>The operations.</content>
public sealed partial class IlgpuKernels
{
    /// <inheritdoc/>
    public void Warp(RgbImage frame, AffineTransform frameToCrop, RgbImage crop)
    {
        AffineTransform cropToFrame = frameToCrop.Invert();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ArrayView<byte> target = _bytesOut.Take(crop.Span.Length);
            _kernels.WarpFace(crop.Width * crop.Height, _bytesIn.Upload(frame.Span), target, cropToFrame.ToDevice(), frame.Width, frame.Height, crop.Width);
            Download(target, crop.Span);
        }
    }

    /// <inheritdoc/>
    public void ResizeLanczos4(RgbImage source, RgbImage destination)
    {
        if (source.Width == destination.Width && source.Height == destination.Height)
        {
            source.Span.CopyTo(destination.Span);
            return;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            int row = destination.Width * 3;
            ArrayView<int> sums = _sums.Take(source.Height * row);
            ArrayView<byte> target = _bytesOut.Take(destination.Span.Length);
            DeviceTaps<short> columns = Lanczos(source.Width, destination.Width), rows = Lanczos(source.Height, destination.Height);
            _kernels.ResizeRowsLanczos4(source.Height * row, _bytesIn.Upload(source.Span), sums, columns.Starts, columns.Weights, source.Width, destination.Width);
            _kernels.ResizeColumnsLanczos4(destination.Height * row, sums, target, rows.Starts, rows.Weights, source.Height, row);
            Download(target, destination.Span);
        }
    }

    /// <inheritdoc/>
    public void NormalizeAndMask(RgbImage face, ReadOnlySpan<float> mask, Span<float> pixels, Span<float> maskedPixels)
    {
        KernelArguments.CheckNormalize(face, mask.Length, pixels.Length, maskedPixels.Length);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            int area = mask.Length;
            ArrayView<float> plain = _second.Take(3 * area), masked = _third.Take(3 * area);
            _kernels.NormalizeAndMask(area, _bytesIn.Upload(face.Span), _first.Upload(mask), plain, masked, area);
            Download(plain, pixels[..(3 * area)]);
            Download(masked, maskedPixels[..(3 * area)]);
        }
    }

    /// <inheritdoc/>
    public void Composite(RgbImage frame, AffineTransform frameToCrop, ReadOnlySpan<float> face, int resolution)
    {
        KernelArguments.CheckFace(face.Length, resolution);
        (int width, int height) = (CropSize.Width(resolution), CropSize.Height(resolution));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _plan.Update(frame.Width, frame.Height, width, height, frameToCrop);
            if (_plan.Box.IsEmpty)
            {
                return;
            }

            (ArrayView<float> mask, ArrayView<float> soft) = SoftMaskOnDevice(_plan);
            ArrayView<float> columns = _third.Take(3 * height * resolution), crop = _fourth.Take(3 * height * width);
            DeviceTaps<float> down = Bicubic(resolution, height), across = Bicubic(resolution, width);
            _kernels.ResizeColumnsBicubic((int)columns.Length, _second.Upload(face), columns, down.Starts, down.Weights, resolution, resolution, height, down.Count);
            _kernels.ResizeRowsBicubic(width * height, columns, crop, across.Starts, across.Weights, resolution, width, height, across.Count);
            Blend(frame, soft, mask, crop);
        }
    }

    /// <inheritdoc/>
    public void KeepOriginal(ReadOnlySpan<float> original, ReadOnlySpan<float> mask, Span<float> decoded)
    {
        KernelArguments.CheckKeepOriginal(original.Length, mask.Length, decoded.Length);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ArrayView<float> result = _third.Upload(decoded);
            _kernels.KeepOriginal(decoded.Length, _first.Upload(original), _second.Upload(mask), result, mask.Length);
            Download(result, decoded);
        }
    }

    /// <inheritdoc/>
    public void Scale(Span<float> latents, float factor)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ArrayView<float> result = _first.Upload(latents);
            _kernels.ScaleLatents(latents.Length, result, factor);
            Download(result, latents);
        }
    }

    /// <inheritdoc/>
    public void GuidedStep(
        ReadOnlySpan<float> unconditional, ReadOnlySpan<float> conditional, float guidance, float sampleFactor, float outputFactor, Span<float> sample)
    {
        KernelArguments.CheckStep(unconditional.Length, conditional.Length, sample.Length);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ArrayView<float> result = _third.Upload(sample);
            _kernels.GuidedStep(sample.Length, _first.Upload(unconditional), _second.Upload(conditional), result, guidance, sampleFactor, outputFactor);
            Download(result, sample);
        }
    }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<float> output, float sampleFactor, float outputFactor, Span<float> sample)
    {
        KernelArguments.CheckStep(output.Length, output.Length, sample.Length);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            ArrayView<float> result = _second.Upload(sample);
            _kernels.SchedulerStep(sample.Length, _first.Upload(output), result, sampleFactor, outputFactor);
            Download(result, sample);
        }
    }

    /// <summary>Mask and soft mask over the plan's box; they live in the first buffer, so the others are free again when this returns.</summary>
    private (ArrayView<float> Mask, ArrayView<float> Soft) SoftMaskOnDevice(SoftMaskPlan plan)
    {
        (PixelBox box, int area) = (plan.Box, plan.Box.Area);
        ArrayView<float> both = _first.Take(2 * area), mask = both.SubView(0, area), soft = both.SubView(area, area);
        ArrayView<float> other = _second.Take(area);
        ArrayView<float> weights = _third.Upload(plan.BlurWeights);
        _kernels.WarpMask(area, mask, plan.FrameToCrop.ToDevice(), box.X, box.Y, box.Width, plan.CropWidth, plan.CropHeight);
        _kernels.ErodeRows(area, mask, other, box.X, box.Width, plan.FrameWidth, plan.ErosionSize);
        _kernels.ErodeColumns(area, other, soft, box.Y, box.Width, box.Height, plan.FrameHeight, plan.ErosionSize);
        _kernels.BlurRows(area, soft, other, weights, box.X, box.Width, plan.FrameWidth, plan.EdgeWidth);
        _kernels.BlurColumns(area, other, soft, weights, box.Y, box.Width, box.Height, plan.FrameHeight, plan.EdgeWidth);
        return (mask, soft);
    }

    /// <summary>Only the box travels to the device and back.</summary>
    private void Blend(RgbImage frame, ArrayView<float> soft, ArrayView<float> mask, ArrayView<float> crop)
    {
        PixelBox box = _plan.Box;
        int row = box.Width * 3;
        if (_host.Length < box.Area * 3)
        {
            _host = new byte[box.Area * 3 * 5 / 4];
        }

        Span<byte> host = _host.AsSpan(0, box.Area * 3);
        for (int y = 0; y < box.Height; y++)
        {
            frame.Span.Slice((((box.Y + y) * frame.Width) + box.X) * 3, row).CopyTo(host[(y * row)..]);
        }

        ArrayView<byte> pixels = _bytesIn.Upload(host);
        _kernels.BlendFace(
            box.Area, pixels, soft, mask, crop, _plan.FrameToCrop.ToDevice(), box.X, box.Y, box.Width, _plan.CropWidth, _plan.CropHeight, 0, box.Width);
        Download(pixels, host);
        for (int y = 0; y < box.Height; y++)
        {
            host.Slice(y * row, row).CopyTo(frame.Span[((((box.Y + y) * frame.Width) + box.X) * 3)..]);
        }
    }
}
