using LatentSync.Kernels;

namespace LatentSync.GpuBundle;

/// <summary>How large cases are.</summary>
/// <param name="FrameWidth">Width of the frame in pixels.</param>
/// <param name="FrameHeight">Height of the frame in pixels.</param>
/// <param name="FaceWidth">Width of the crop's trace in the frame in pixels.</param>
/// <param name="Resolution">Face resolution R in pixels.</param>
/// <param name="Frames">Frames of a chunk.</param>
internal sealed record CaseSizes(int FrameWidth, int FrameHeight, int FaceWidth, int Resolution, int Frames)
{
    /// <summary>What jobs have: a 1080p frame with a face 400 pixels wide, chunks of 16 frames at 512 x 512.</summary>
    public static CaseSizes Full { get; } = new(1920, 1080, 400, 512, 16);

    /// <summary>For the PTX interpreter: the face reaches over the frame's edge, and no extent is a multiple of a block.</summary>
    public static CaseSizes Small { get; } = new(45, 37, 24, 24, 3);

    public int CropWidth => CropSize.Width(Resolution);

    public int CropHeight => CropSize.Height(Resolution);

    /// <summary>Values of one channel of one frame's latents.</summary>
    public int Plane => Resolution / 8 * (Resolution / 8);

    /// <summary>Frame to crop: turned by 8 degrees, left of and below the frame's middle by fractions of a pixel.</summary>
    public AffineTransform Transform
    {
        get
        {
            (double sine, double cosine) = Math.SinCos(8 * Math.PI / 180);
            double scale = (double)CropWidth / FaceWidth, a = scale * cosine, b = scale * sine;
            (double x, double y) = ((0.45 * FrameWidth) + 0.37, (0.55 * FrameHeight) + 0.21);
            (double u, double v) = ((CropWidth - 1) / 2.0, (CropHeight - 1) / 2.0);
            return new AffineTransform(a, -b, u - (a * x) + (b * y), b, a, v - (b * x) - (a * y));
        }
    }

    public SoftMaskPlan Plan
    {
        get
        {
            SoftMaskPlan plan = new();
            plan.Update(FrameWidth, FrameHeight, CropWidth, CropHeight, Transform);
            return plan;
        }
    }
}
