using LatentSync.Faces;
using LatentSync.Kernels;

namespace LatentSync.Tests.Faces;

public class FaceTrackerTests
{
    [Fact]
    public void Next_AfterAGap_SmoothingStartsAnew()
    {
        FaceTracker tracker = new(256);
        AffineTransform fresh = tracker.Next(Face(0)).FrameToCrop;
        tracker.Next(Face(30));
        AffineTransform smoothed = tracker.Next(Face(0)).FrameToCrop;
        TrackedFace gap = tracker.Next(FaceObservation.Missing(FaceAbsence.TooSmall, new FaceBox(1, 2, 3, 4, 0.5f)));
        AffineTransform afterGap = tracker.Next(Face(0)).FrameToCrop;

        Assert.NotEqual(fresh, smoothed);
        Assert.Equal(fresh, afterGap);
        Assert.False(gap.HasFace);
        Assert.Equal(FaceAbsence.TooSmall, gap.Absence);
        Assert.Equal(3f, gap.Box.Right);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Next_LandmarksThatCoincideOrAreNoNumbers_NotAlignable(float value)
    {
        FaceTracker tracker = new(256);
        TrackedFace first = tracker.Next(Face(0));
        FaceObservation collapsed = FaceObservation.Of(new FaceBox(0, 0, 100, 100, 0.9f), [.. Enumerable.Repeat(new FacePoint(value, value), 106)]);
        Assert.Equal(FaceAbsence.NotAlignable, tracker.Next(collapsed).Absence);
        Assert.Equal(first.FrameToCrop, tracker.Next(Face(0)).FrameToCrop);
    }

    [Fact]
    public void Align_MirroredPoints_RotatesAndNeverReflects()
    {
        AffineTransform m = new FaceAligner(256).Align(new AlignmentPoints(new(200, 100), new(100, 100), new(150, 140)))!.Value;
        Assert.True((m.M00 * m.M11) - (m.M01 * m.M10) > 0);
        Assert.Equal(m.M00, m.M11);
        Assert.Equal(m.M01, -m.M10);
    }

    [Fact]
    public void Add_FramesWithAndWithoutFace_ReportedInOrder()
    {
        FaceTrack track = new();
        track.Add(new TrackedFace(FaceAbsence.None, default, default));
        track.Add(new TrackedFace(FaceAbsence.NotDetected, default, default));
        track.Add(new TrackedFace(FaceAbsence.None, default, default));
        track.Add(new TrackedFace(FaceAbsence.TooSmall, default, default));
        Assert.Equal((4, 2), (track.Count, track.FaceCount));
        Assert.Equal([(1, FaceAbsence.NotDetected), (3, FaceAbsence.TooSmall)], track.MissingFrames());
        Assert.All(Enum.GetValues<FaceAbsence>(), a => Assert.NotEmpty(a.Describe()));
    }

    /// <summary>A face whose nose is lowered by some pixels: brows about 41 apart as in the template.</summary>
    private static FaceObservation Face(float noseOffset)
    {
        FacePoint[] landmarks = new FacePoint[106];
        Array.Fill(landmarks, new FacePoint(100, 160 + noseOffset));
        foreach (int i in (int[])[43, 48, 49, 51, 50])
        {
            landmarks[i] = new FacePoint(60, 100);
        }

        foreach (int i in (int[])[101, 102, 103, 104, 105])
        {
            landmarks[i] = new FacePoint(142, 100);
        }

        return FaceObservation.Of(new FaceBox(50, 80, 150, 200, 0.9f), landmarks);
    }
}
