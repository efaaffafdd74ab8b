using LatentSync.Kernels;
using LatentSync.Runtime;

namespace LatentSync.Compositing;

/// <summary>
/// Puts synced faces back into their frames. Only pixels whose soft mask is above 0 are written; all others keep their bytes.
/// Any number of threads may share one.
/// </summary>
public sealed class FaceCompositor
{
    private readonly IFaceKernels _kernels;

    /// <summary>Creates a compositor.</summary>
    /// <param name="resolution">Face resolution R in pixels.</param>
    /// <param name="kernels">What computes; the CPU's vector units if not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">The resolution is below 8.</exception>
    public FaceCompositor(int resolution, IFaceKernels? kernels = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 8);
        Resolution = resolution;
        _kernels = kernels ?? new SimdKernels();
    }

    /// <summary>Face resolution R in pixels.</summary>
    public int Resolution { get; }

    /// <summary>Puts one face back, in place.</summary>
    /// <param name="frame">The frame the face was cut from; changed in place.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's: the transform the face was cut with.</param>
    /// <param name="face">The synced face, <c>[3,R,R]</c>, about -1..1, not clamped.</param>
    /// <exception cref="ArgumentException">The face does not hold 3*R*R values.</exception>
    /// <exception cref="InvalidOperationException">The transform is singular or not finite.</exception>
    public void Composite(RgbImage frame, AffineTransform frameToCrop, ReadOnlySpan<float> face) =>
        _kernels.Composite(frame, frameToCrop, face, Resolution);

    /// <summary>Puts the faces of several frames back, in place, some frames at a time.</summary>
    /// <param name="frames">The frames, changed in place; each another picture.</param>
    /// <param name="frameToCrop">One transform for each frame.</param>
    /// <param name="faces"><c>[N,3,R,R]</c>, about -1..1.</param>
    /// <param name="maxDegreeOfParallelism">Most frames at work at once; -1 for as many as there are processors.</param>
    /// <param name="cancellationToken">Stops between frames.</param>
    /// <exception cref="ArgumentException">The numbers of frames, transforms and faces differ, or the faces have another size.</exception>
    /// <exception cref="InvalidOperationException">A transform is singular or not finite.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Composite(
        IReadOnlyList<RgbImage> frames,
        IReadOnlyList<AffineTransform> frameToCrop,
        Tensor faces,
        int maxDegreeOfParallelism = -1,
        CancellationToken cancellationToken = default)
    {
        int size = 3 * Resolution * Resolution;
        if (frames.Count != frameToCrop.Count || faces.Length != (long)frames.Count * size)
        {
            throw new ArgumentException($"{frames.Count} frames, {frameToCrop.Count} transforms and {faces.Length} values of faces of {size} do not fit one another");
        }

        ParallelOptions options = new() { MaxDegreeOfParallelism = maxDegreeOfParallelism, CancellationToken = cancellationToken };
        Parallel.For(0, frames.Count, options, i => Composite(frames[i], frameToCrop[i], faces.Span.Slice(i * size, size)));
    }

    /// <summary>The soft mask alone, as <see cref="Composite(RgbImage, AffineTransform, ReadOnlySpan{float})"/> uses it.</summary>
    /// <param name="frameWidth">Width of the frame in pixels.</param>
    /// <param name="frameHeight">Height of the frame in pixels.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's.</param>
    /// <returns>Mask and soft mask over the face's box.</returns>
    /// <exception cref="InvalidOperationException">The transform is singular or not finite.</exception>
    public SoftMask SoftMask(int frameWidth, int frameHeight, AffineTransform frameToCrop)
    {
        SoftMask mask = new();
        mask.Compute(frameWidth, frameHeight, CropSize.Width(Resolution), CropSize.Height(Resolution), frameToCrop);
        return mask;
    }
}
