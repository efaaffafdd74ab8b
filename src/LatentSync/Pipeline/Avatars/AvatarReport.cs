namespace LatentSync.Pipeline.Avatars;

/// <summary>What making an avatar did.</summary>
/// <param name="Path">The avatar.</param>
/// <param name="Info">What it says of itself.</param>
/// <param name="SizeInBytes">Its length.</param>
/// <param name="IsReused">Whether one with the same contents was there already, so that nothing was made.</param>
/// <param name="MissingFaces">Frames without a usable face and the reason, in order.</param>
/// <param name="Elapsed">Wall time, networks already loaded.</param>
/// <param name="Warnings">Warnings worth telling a person.</param>
public sealed record AvatarReport(
    string Path, AvatarInfo Info, long SizeInBytes, bool IsReused, IReadOnlyList<MissingFace> MissingFaces, TimeSpan Elapsed, IReadOnlyList<string> Warnings);
