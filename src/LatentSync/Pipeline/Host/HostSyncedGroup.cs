using LatentSync.Compositing;

namespace LatentSync.Pipeline.Host;

/// <summary>A group whose new faces are in host memory, each from when it is decoded until it is put back.</summary>
/// <param name="Frames">The frames in output order, each with a face.</param>
/// <param name="Compositor">Puts them back.</param>
/// <param name="Clock">Counts the time of that.</param>
internal sealed record HostSyncedGroup(IReadOnlyList<JobFrame> Frames, FaceCompositor Compositor, StageClock Clock) : ISyncedGroup
{
    private readonly FaceBuffer?[] _faces = new FaceBuffer?[Frames.Count];

    /// <summary>Gives a frame its new face, <c>[3,R,R]</c>, about -1..1, the kept region already the original's; before the frame is handed on.</summary>
    public void SetFace(int index, FaceBuffer face) => _faces[index] = face;

    public void PutBack(int index)
    {
        using StageClock.Running running = Clock.Time(LipSyncStage.Compositing);
        using FaceBuffer face = _faces[index]!;
        Compositor.Composite(Frames[index].Frame.Image, Frames[index].Transform!.Value, face.Values.Span);
    }

    public void Dispose()
    {
    }
}
