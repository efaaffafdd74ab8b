using LatentSync.Kernels.Simd;

namespace LatentSync.Kernels;

/// <summary>
/// What the soft mask of one put-back depends on besides pixels: the box it can reach and the widths of its erosion and blur.
/// All of it follows from the transform and the sizes, so it is known on the host before any device work starts.
/// </summary>
public sealed class SoftMaskPlan
{
    private const int EdgeDivisor = 20;
    private float[] _weights = [];

    /// <summary>The pixels of the frame that the soft mask can reach; everything outside is zero. Empty if the crop misses the frame.</summary>
    public PixelBox Box { get; private set; }

    /// <summary>Width of the frame in pixels.</summary>
    public int FrameWidth { get; private set; }

    /// <summary>Height of the frame in pixels.</summary>
    public int FrameHeight { get; private set; }

    /// <summary>Width of the crop in pixels.</summary>
    public int CropWidth { get; private set; }

    /// <summary>Height of the crop in pixels.</summary>
    public int CropHeight { get; private set; }

    /// <summary>Maps the frame's pixels to the crop's.</summary>
    public AffineTransform FrameToCrop { get; private set; }

    /// <summary>Sum of the mask after the 2 x 2 erosion, in pixels.</summary>
    public double Area { get; private set; }

    /// <summary><c>w_edge = int(sqrt(area)) / 20</c> in pixels; the blur's radius.</summary>
    public int EdgeWidth { get; private set; }

    /// <summary>
    /// Side of the second erosion's square, <c>2 * w_edge</c>. A mask of under 20 x 20 pixels has a <c>w_edge</c> of 0, and OpenCV takes an
    /// empty kernel for a centred 3 x 3.
    /// </summary>
    public int ErosionSize => EdgeWidth == 0 ? 3 : 2 * EdgeWidth;

    /// <summary>The blur's weights from the centre outwards: <c>w_edge + 1</c> values; with both halves they sum to 1.</summary>
    public ReadOnlySpan<float> BlurWeights => _weights.AsSpan(0, EdgeWidth + 1);

    /// <summary>The edge width of a mask that covers an area; none in a frame is wider than that of the frame's own.</summary>
    internal static int EdgeWidthOf(double area) => (int)Math.Sqrt(area) / EdgeDivisor;

    /// <summary>Works out the plan; the object can be used again for another frame.</summary>
    /// <param name="frameWidth">Width of the frame in pixels.</param>
    /// <param name="frameHeight">Height of the frame in pixels.</param>
    /// <param name="cropWidth">Width of the crop in pixels.</param>
    /// <param name="cropHeight">Height of the crop in pixels.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's.</param>
    /// <exception cref="InvalidOperationException">The transform is singular or not finite.</exception>
    public void Update(int frameWidth, int frameHeight, int cropWidth, int cropHeight, AffineTransform frameToCrop)
    {
        SetGeometry(frameWidth, frameHeight, cropWidth, cropHeight, frameToCrop);
        SetArea(WarpedMask.ErodedArea(this));
    }

    /// <summary>First half of <see cref="Update"/>: all but what follows from the mask's area.</summary>
    internal void SetGeometry(int frameWidth, int frameHeight, int cropWidth, int cropHeight, AffineTransform frameToCrop)
    {
        FrameWidth = frameWidth;
        FrameHeight = frameHeight;
        CropWidth = cropWidth;
        CropHeight = cropHeight;
        FrameToCrop = frameToCrop;
        Box = Reach(frameWidth, frameHeight, cropWidth, cropHeight, frameToCrop.Invert());
    }

    /// <summary>Second half of <see cref="Update"/>, for a caller that has the eroded mask in memory.</summary>
    internal void SetArea(double area)
    {
        Area = area;
        EdgeWidth = EdgeWidthOf(area);
        SetWeights();
    }

    /// <summary>
    /// The crop's outline in the frame with a margin of two pixels: one for the bilinear weights beyond the last pixel centre, one
    /// because the even erosion's anchor lets the blur reach a pixel further right and down than the mask.
    /// </summary>
    private static PixelBox Reach(int frameWidth, int frameHeight, int cropWidth, int cropHeight, AffineTransform cropToFrame)
    {
        double left = double.PositiveInfinity, top = left, right = double.NegativeInfinity, bottom = right;
        foreach ((double u, double v) in ((double, double)[])[(-1, -1), (cropWidth, -1), (-1, cropHeight), (cropWidth, cropHeight)])
        {
            (double x, double y) = cropToFrame.Apply(u, v);
            (left, right) = (Math.Min(left, x), Math.Max(right, x));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
        }

        int x0 = (int)Math.Clamp(Math.Floor(left) - 2, 0, frameWidth), x1 = (int)Math.Clamp(Math.Ceiling(right) + 3, 0, frameWidth);
        int y0 = (int)Math.Clamp(Math.Floor(top) - 2, 0, frameHeight), y1 = (int)Math.Clamp(Math.Ceiling(bottom) + 3, 0, frameHeight);
        return x1 > x0 && y1 > y0 ? new PixelBox(x0, y0, x1 - x0, y1 - y0) : default;
    }

    private void SetWeights()
    {
        if (_weights.Length <= EdgeWidth)
        {
            _weights = new float[EdgeWidth + 16];
        }

        BlurTaps.Write(EdgeWidth, _weights);
    }
}
