namespace LatentSync.Faces;

/// <summary>The part of a face that speech does not move, brows and nose: where it is, how large, and how turned.</summary>
internal readonly record struct FaceAnchor(double X, double Y, double Size, double Angle, double Nose)
{
    /// <summary>From the points that faces are aligned by, not rounded.</summary>
    public static FaceAnchor Of(IReadOnlyList<FacePoint> landmarks)
    {
        (double leftX, double leftY) = Mean(landmarks, AlignmentPoints.LeftBrowIndices);
        (double rightX, double rightY) = Mean(landmarks, AlignmentPoints.RightBrowIndices);
        (double noseX, double noseY) = Mean(landmarks, AlignmentPoints.NoseIndices);
        double across = Math.Sqrt(Square(rightX - leftX) + Square(rightY - leftY));
        double down = Math.Sqrt(Square(noseX - ((leftX + rightX) / 2)) + Square(noseY - ((leftY + rightY) / 2)));
        return new FaceAnchor(
            (leftX + rightX + noseX) / 3, (leftY + rightY + noseY) / 3, Math.Sqrt(Square(across) + Square(down)), Math.Atan2(rightY - leftY, rightX - leftX), down / across);
    }

    /// <summary>The key frame's box where this anchor is: moved and scaled as the anchor has.</summary>
    public FaceBox Carry(in FaceAnchor key, in FaceBox box)
    {
        double scale = Size / key.Size;
        return new FaceBox(
            (float)(X + (scale * (box.Left - key.X))),
            (float)(Y + (scale * (box.Top - key.Y))),
            (float)(X + (scale * (box.Right - key.X))),
            (float)(Y + (scale * (box.Bottom - key.Y))),
            box.Score);
    }

    /// <summary>In pixels.</summary>
    public double DistanceTo(in FaceAnchor other) => Math.Sqrt(Square(X - other.X) + Square(Y - other.Y));

    /// <summary>Change of size, as a share.</summary>
    public double GrowthSince(in FaceAnchor other) => Math.Abs((Size / other.Size) - 1);

    /// <summary>In radians, 0 to pi.</summary>
    public double TurnSince(in FaceAnchor other) => Math.Abs(Math.IEEERemainder(Angle - other.Angle, 2 * Math.PI));

    /// <summary>Change of shape: of the nose's distance from the brows in brow distances, as a share. Not a number where the points coincide.</summary>
    public double DriftFrom(in FaceAnchor other) => Math.Abs((Nose / other.Nose) - 1);

    private static (double X, double Y) Mean(IReadOnlyList<FacePoint> landmarks, int[] indices)
    {
        (double x, double y) = (0, 0);
        foreach (int index in indices)
        {
            (x, y) = (x + landmarks[index].X, y + landmarks[index].Y);
        }

        return (x / indices.Length, y / indices.Length);
    }

    private static double Square(double value) => value * value;
}
