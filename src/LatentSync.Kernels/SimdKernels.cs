using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using LatentSync.Kernels.Simd;

namespace LatentSync.Kernels;

/// <summary>
/// The CPU path: vectorised with whatever the processor has. Any number of threads may call it at once; each call runs on its caller's thread
/// and works in pooled memory, so several frames are best processed in parallel.
/// </summary>
public sealed class SimdKernels : IFaceKernels
{
    private readonly ConcurrentDictionary<(int SourceWidth, int SourceHeight, int Width, int Height), Lanczos4Resize> _lanczos = new();
    private readonly ConcurrentDictionary<int, BicubicResize> _bicubic = new();
    private readonly ConcurrentBag<SoftMask> _masks = [];

    /// <inheritdoc/>
    public string Name { get; } =
        Vector512.IsHardwareAccelerated ? "SIMD (512-bit)" : Vector256.IsHardwareAccelerated ? "SIMD (256-bit)" : Vector128.IsHardwareAccelerated ? "SIMD (128-bit)" : "scalar";

    /// <inheritdoc/>
    public void Warp(RgbImage frame, AffineTransform frameToCrop, RgbImage crop) => FaceWarp.Warp(frame, frameToCrop.Invert(), crop, 0, crop.Height);

    /// <inheritdoc/>
    public void ResizeLanczos4(RgbImage source, RgbImage destination) =>
        _lanczos.GetOrAdd((source.Width, source.Height, destination.Width, destination.Height), static s => new(s.SourceWidth, s.SourceHeight, s.Width, s.Height))
            .Resize(source.Span, destination.Span);

    /// <inheritdoc/>
    public void NormalizeAndMask(RgbImage face, ReadOnlySpan<float> mask, Span<float> pixels, Span<float> maskedPixels)
    {
        KernelArguments.CheckNormalize(face, mask.Length, pixels.Length, maskedPixels.Length);
        PixelMath.NormalizeAndMask(face.Span, mask, pixels, maskedPixels);
    }

    /// <inheritdoc/>
    public void Composite(RgbImage frame, AffineTransform frameToCrop, ReadOnlySpan<float> face, int resolution)
    {
        KernelArguments.CheckFace(face.Length, resolution);
        (int width, int height) = (CropSize.Width(resolution), CropSize.Height(resolution));
        SoftMask mask = _masks.TryTake(out SoftMask? pooled) ? pooled : new SoftMask();
        float[] crop = ArrayPool<float>.Shared.Rent(width * height * 4);
        try
        {
            mask.Compute(frame.Width, frame.Height, width, height, frameToCrop);
            if (!mask.Plan.Box.IsEmpty)
            {
                _bicubic.GetOrAdd(resolution, static r => new(r, r, CropSize.Width(r), CropSize.Height(r))).Resize(face, crop);
                FaceBlend.Blend(frame, mask, crop);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(crop);
            _masks.Add(mask);
        }
    }

    /// <inheritdoc/>
    public void KeepOriginal(ReadOnlySpan<float> original, ReadOnlySpan<float> mask, Span<float> decoded)
    {
        KernelArguments.CheckKeepOriginal(original.Length, mask.Length, decoded.Length);
        PixelMath.KeepOriginal(original, mask, decoded);
    }

    /// <inheritdoc/>
    public void Scale(Span<float> latents, float factor) => TensorPrimitives.Multiply(latents, factor, latents);

    /// <inheritdoc/>
    public void GuidedStep(
        ReadOnlySpan<float> unconditional, ReadOnlySpan<float> conditional, float guidance, float sampleFactor, float outputFactor, Span<float> sample)
    {
        KernelArguments.CheckStep(unconditional.Length, conditional.Length, sample.Length);
        PixelMath.GuidedStep(unconditional, conditional, guidance, sampleFactor, outputFactor, sample);
    }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<float> output, float sampleFactor, float outputFactor, Span<float> sample)
    {
        KernelArguments.CheckStep(output.Length, output.Length, sample.Length);
        PixelMath.Step(output, sampleFactor, outputFactor, sample);
    }
}
