namespace LatentSync.Faces;

/// <summary>A face's bounding box in pixels of the frame; it may reach beyond the frame.</summary>
/// <param name="Left">x of the left edge.</param>
/// <param name="Top">y of the top edge.</param>
/// <param name="Right">x of the right edge.</param>
/// <param name="Bottom">y of the bottom edge.</param>
/// <param name="Score">The detector's confidence, 0..1.</param>
public readonly record struct FaceBox(float Left, float Top, float Right, float Bottom, float Score);
