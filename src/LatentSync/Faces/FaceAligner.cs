using LatentSync.Kernels;

namespace LatentSync.Faces;

/// <summary>
/// The original's alignment (<c>AlignRestore</c>): the similarity transform that brings a face's three points to a template, with a smoothing
/// bias that carries over from frame to frame. Frames must come in order; one instance a track, for one thread at a time.
/// </summary>
public sealed class FaceAligner
{
    // The template's points and size before scaling, the scale at 256 pixels, and how much of the last frame's bias stays.
    private const double TemplateScale = 2.8;
    private const double TemplateWidth = 75;
    private const double TemplateHeight = 100;
    private const double Inertia = 0.2;

    private readonly Triangle _template;
    private (double X, double Y)? _bias;

    /// <summary>Creates an aligner that remembers no frame.</summary>
    /// <param name="resolution">Width and height of the aligned face in pixels, 256 or 512 in the official models.</param>
    public FaceAligner(int resolution)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 8);
        double scale = resolution / 256.0 * TemplateScale;
        CropWidth = (int)(TemplateWidth * scale);
        CropHeight = (int)(TemplateHeight * scale);
        _template = Triangle.Normalize([17 * scale, 58 * scale, 37.5 * scale], [20 * scale, 20 * scale, 40 * scale]);
    }

    /// <summary>Width of the crop that the transforms lead to, in pixels.</summary>
    public int CropWidth { get; }

    /// <summary>Height of the crop that the transforms lead to, in pixels.</summary>
    public int CropHeight { get; }

    /// <summary>Aligns the next frame's face.</summary>
    /// <param name="points">The face's points.</param>
    /// <returns>Frame to crop coordinates; null, with the bias left as it was, when the points coincide or are not finite.</returns>
    public AffineTransform? Align(in AlignmentPoints points)
    {
        Triangle face = Triangle.Normalize(
            [points.LeftBrow.X, points.RightBrow.X, points.Nose.X],
            [points.LeftBrow.Y, points.RightBrow.Y, points.Nose.Y]);
        if (!(face.Deviation > 0) || !double.IsFinite(face.Deviation))
        {
            return null;
        }

        (double cosine, double sine) = Rotation(face, _template);
        double scale = _template.Deviation / face.Deviation;
        (double a, double b) = (scale * cosine, scale * sine);

        double biasX = _template.X[2] - face.X[2], biasY = _template.Y[2] - face.Y[2];
        if (_bias is { } last)
        {
            biasX = (Inertia * last.X) + ((1 - Inertia) * biasX);
            biasY = (Inertia * last.Y) + ((1 - Inertia) * biasY);
        }

        _bias = (biasX, biasY);
        return new AffineTransform(
            a, -b, _template.CentreX - ((a * face.CentreX) - (b * face.CentreY)) + biasX,
            b, a, _template.CentreY - ((b * face.CentreX) + (a * face.CentreY)) + biasY);
    }

    /// <summary>Forgets the frames seen: the next one starts a new sequence.</summary>
    public void Reset() => _bias = null;

    /// <summary>
    /// The rotation nearest to mapping one triangle to the other (Kabsch). In the plane the singular value decomposition with its
    /// determinant forced positive has the closed form of Procrustes' problem: the direction of the summed dot and cross products.
    /// </summary>
    private static (double Cosine, double Sine) Rotation(Triangle from, Triangle to)
    {
        double dot = 0, cross = 0;
        for (int i = 0; i < 3; i++)
        {
            dot += (from.X[i] * to.X[i]) + (from.Y[i] * to.Y[i]);
            cross += (from.X[i] * to.Y[i]) - (from.Y[i] * to.X[i]);
        }

        double length = Math.Sqrt((dot * dot) + (cross * cross));
        return length > 0 ? (dot / length, cross / length) : (1, 0);
    }

    /// <summary>Three points about their centre, divided by the standard deviation of their six numbers (n-1).</summary>
    private sealed record Triangle(double[] X, double[] Y, double CentreX, double CentreY, double Deviation)
    {
        public static Triangle Normalize(double[] x, double[] y)
        {
            double centreX = x.Average(), centreY = y.Average();
            double deviation = Math.Sqrt(x.Sum(v => (v - centreX) * (v - centreX)) / 5 + (y.Sum(v => (v - centreY) * (v - centreY)) / 5));
            return new Triangle([.. x.Select(v => (v - centreX) / deviation)], [.. y.Select(v => (v - centreY) / deviation)], centreX, centreY, deviation);
        }
    }
}
