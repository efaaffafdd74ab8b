using LatentSync.Kernels.Ilgpu.Device;

namespace LatentSync.Kernels;

/// <summary>
/// A 2x3 affine map <c>x' = M00*x + M01*y + M02, y' = M10*x + M11*y + M12</c>, pixel centres on integers.
/// In this engine it maps frame coordinates to crop coordinates unless said otherwise.
/// </summary>
/// <param name="M00">x' per x.</param>
/// <param name="M01">x' per y.</param>
/// <param name="M02">x' offset in pixels.</param>
/// <param name="M10">y' per x.</param>
/// <param name="M11">y' per y.</param>
/// <param name="M12">y' offset in pixels.</param>
public readonly record struct AffineTransform(double M00, double M01, double M02, double M10, double M11, double M12)
{
    /// <summary>The inverse map.</summary>
    /// <exception cref="InvalidOperationException">The map is singular.</exception>
    public AffineTransform Invert()
    {
        double determinant = (M00 * M11) - (M01 * M10);
        if (determinant == 0 || !double.IsFinite(determinant))
        {
            throw new InvalidOperationException("the affine transform has no inverse");
        }

        double a = M11 / determinant, b = -M01 / determinant, c = -M10 / determinant, d = M00 / determinant;
        return new AffineTransform(a, b, -((a * M02) + (b * M12)), c, d, -((c * M02) + (d * M12)));
    }

    /// <summary>Maps a point.</summary>
    /// <param name="x">x in pixels.</param>
    /// <param name="y">y in pixels.</param>
    public (double X, double Y) Apply(double x, double y) => ((M00 * x) + (M01 * y) + M02, (M10 * x) + (M11 * y) + M12);

    /// <summary>The map as kernels take it.</summary>
    internal DeviceAffine ToDevice() => new(M00, M01, M02, M10, M11, M12);
}
