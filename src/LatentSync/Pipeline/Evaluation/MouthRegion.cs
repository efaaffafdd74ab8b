using LatentSync.Faces;
using LatentSync.Kernels;

namespace LatentSync.Pipeline.Evaluation;

/// <summary>
/// Where a mouth is in a picture: the box around InsightFace's 20 mouth landmarks (52 to 71 of 106), wider on every side by a quarter of the distance
/// between the brows' centres, cut off at the picture's edges. The margin leaves room for a mouth that is open where the reference's is closed.
/// </summary>
internal static class MouthRegion
{
    private const int First = 52, Count = 20;
    private const double Margin = 0.25;

    /// <summary>The box in pixels; empty if the mouth is outside the picture.</summary>
    /// <param name="landmarks">106 points in pixels.</param>
    /// <param name="width">Width of the picture in pixels.</param>
    /// <param name="height">Height of the picture in pixels.</param>
    public static PixelBox Of(IReadOnlyList<FacePoint> landmarks, int width, int height)
    {
        AlignmentPoints points = AlignmentPoints.FromLandmarks(landmarks);
        double margin = Margin * double.Hypot(points.RightBrow.X - points.LeftBrow.X, points.RightBrow.Y - points.LeftBrow.Y);
        IEnumerable<FacePoint> mouth = landmarks.Skip(First).Take(Count);
        int left = Clamp(Math.Floor(mouth.Min(p => p.X) - margin), width), right = Clamp(Math.Ceiling(mouth.Max(p => p.X) + margin) + 1, width);
        int top = Clamp(Math.Floor(mouth.Min(p => p.Y) - margin), height), bottom = Clamp(Math.Ceiling(mouth.Max(p => p.Y) + margin) + 1, height);
        return right > left && bottom > top ? new PixelBox(left, top, right - left, bottom - top) : default;
    }

    // A network's point that is not a number lies nowhere.
    private static int Clamp(double value, int most) => double.IsNaN(value) ? 0 : (int)Math.Clamp(value, 0, most);
}
