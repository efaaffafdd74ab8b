namespace LatentSync.Faces;

/// <summary>The faces of a clip's frames, in order: under 100 bytes a frame, whatever the picture's size.</summary>
public sealed class FaceTrack
{
    private readonly List<TrackedFace> _frames = [];

    /// <summary>Number of frames.</summary>
    public int Count => _frames.Count;

    /// <summary>How many frames have a usable face.</summary>
    public int FaceCount { get; private set; }

    /// <summary>A frame of the clip.</summary>
    /// <param name="frame">0 for the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    public TrackedFace this[int frame] => _frames[frame];

    /// <summary>Adds the next frame.</summary>
    /// <param name="face">What the tracker made of it.</param>
    public void Add(TrackedFace face)
    {
        _frames.Add(face);
        FaceCount += face.HasFace ? 1 : 0;
    }

    /// <summary>The frames without a usable face, in order, each with the reason.</summary>
    public IEnumerable<(int Frame, FaceAbsence Absence)> MissingFrames() =>
        _frames.Select((face, frame) => (frame, face.Absence)).Where(f => f.Absence != FaceAbsence.None);
}
