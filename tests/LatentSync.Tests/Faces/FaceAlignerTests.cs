using LatentSync.Faces;
using LatentSync.Kernels;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Faces;

/// <summary>Alignment and its smoothing against the original's matrices.</summary>
public class FaceAlignerTests
{
    // The bar, relative to the matrix's largest entry; torch's float32 sums are about 1e-6 away from our doubles.
    private const double RelativeTolerance = 1e-4;

    public static IEnumerable<object[]> Cases() => AlignmentCase.Names;

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void FromLandmarks_ReferenceLandmarks_SamePoints(string name)
    {
        using GoldenFile golden = new(Goldens.Case("alignment", name));
        double[] all = golden.ReadDoubles("landmarks106"), expected = golden.ReadDoubles("landmarks3");
        for (int f = 0; f < expected.Length / 6; f++)
        {
            FacePoint[] landmarks = [.. Enumerable.Range(f * 106, 106).Select(i => new FacePoint((float)all[2 * i], (float)all[(2 * i) + 1]))];
            AlignmentPoints points = AlignmentPoints.FromLandmarks(landmarks);
            double[] actual = [points.LeftBrow.X, points.LeftBrow.Y, points.RightBrow.X, points.RightBrow.Y, points.Nose.X, points.Nose.Y];
            Assert.Equal(expected[(f * 6)..((f * 6) + 6)], actual);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Align_ReferencePointsInOrder_SameMatrices(string name)
    {
        using GoldenFile golden = new(Goldens.Case("alignment", name));
        double[] p = golden.ReadDoubles("landmarks3"), expected = golden.ReadDoubles("matrices");
        FaceAligner aligner = new(int.Parse(golden.Metadata("resolution"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal([aligner.CropHeight, aligner.CropWidth], golden.Tensors["crops"].Shape.ToArray()[1..3].Select(v => (int)v));
        double worst = 0;
        for (int f = 0; f < expected.Length / 6; f++)
        {
            float At(int i) => (float)p[(f * 6) + i];
            AffineTransform m = aligner.Align(new AlignmentPoints(new(At(0), At(1)), new(At(2), At(3)), new(At(4), At(5))))!.Value;
            double[] actual = [m.M00, m.M01, m.M02, m.M10, m.M11, m.M12], reference = expected[(f * 6)..((f * 6) + 6)];
            worst = Math.Max(worst, actual.Zip(reference, (a, e) => Math.Abs(a - e)).Max() / reference.Max(Math.Abs));
        }
        Assert.True(worst <= RelativeTolerance, $"{name}: matrices off by {worst:g4} of their largest entry, allowed {RelativeTolerance}");
    }
}
