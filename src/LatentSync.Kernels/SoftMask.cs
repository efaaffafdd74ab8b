using LatentSync.Kernels.Simd;

namespace LatentSync.Kernels;

/// <summary>
/// The soft mask of a put-back, computed over the face's own box with results identical to a whole-frame computation: a warped mask of ones,
/// eroded 2 x 2, eroded by <c>2 * w_edge</c> and blurred by <c>2 * w_edge + 1</c>. Buffers are kept and grow as needed; one thread at a time.
/// </summary>
public sealed class SoftMask
{
    private float[] _mask = [];
    private float[] _centre = [];
    private float[] _soft = [];

    /// <summary>Box, erosion and blur of the last <see cref="Compute"/>.</summary>
    public SoftMaskPlan Plan { get; } = new();

    /// <summary>The warped mask after the 2 x 2 erosion over the plan's box, <c>[box height, box width]</c>, 0..1: the face's own weight.</summary>
    public ReadOnlySpan<float> Mask => _mask.AsSpan(0, Plan.Box.Area);

    /// <summary>The blurred mask over the plan's box, <c>[box height, box width]</c>, 0..1: how far a pixel is replaced; 0 leaves it alone.</summary>
    public ReadOnlySpan<float> Soft => _soft.AsSpan(0, Plan.Box.Area);

    /// <summary>Computes the mask for a frame.</summary>
    /// <param name="frameWidth">Width of the frame in pixels.</param>
    /// <param name="frameHeight">Height of the frame in pixels.</param>
    /// <param name="cropWidth">Width of the crop in pixels.</param>
    /// <param name="cropHeight">Height of the crop in pixels.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's.</param>
    /// <exception cref="InvalidOperationException">The transform is singular or not finite.</exception>
    public void Compute(int frameWidth, int frameHeight, int cropWidth, int cropHeight, AffineTransform frameToCrop)
    {
        Plan.SetGeometry(frameWidth, frameHeight, cropWidth, cropHeight, frameToCrop);
        int area = Plan.Box.Area;
        if (area == 0)
        {
            Plan.SetArea(0);
            return;
        }

        if (_mask.Length < area)
        {
            // A face drifts in size from frame to frame: a quarter more keeps the buffers for the whole shot.
            int capacity = area + (area / 4);
            (_mask, _centre, _soft) = (new float[capacity], new float[capacity], new float[capacity]);
        }

        WarpedMask.WriteEroded(Plan, _mask);
        Plan.SetArea(WarpedMask.Sum(Mask));
        SlidingMinimum.Erode(Plan, Mask, _centre);
        GaussianBlur.Blur(Plan, _centre.AsSpan(0, area), _soft);
    }
}
