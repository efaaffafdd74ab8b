using LatentSync.Compositing;

namespace LatentSync.Pipeline;

/// <summary>A group whose new faces are in host memory.</summary>
/// <param name="Frames">The frames in output order, each with a face.</param>
/// <param name="Faces"><c>[F,3,R,R]</c>, about -1..1, the kept region already the original's.</param>
/// <param name="Compositor">Puts them back.</param>
/// <param name="Clock">Counts the time of that.</param>
internal sealed record HostSyncedGroup(IReadOnlyList<JobFrame> Frames, FaceBuffer Faces, FaceCompositor Compositor, StageClock Clock) : ISyncedGroup
{
    public void PutBack(int index)
    {
        using StageClock.Running running = Clock.Time(LipSyncStage.Compositing);
        int length = Faces.Values.Length / Frames.Count;
        Compositor.Composite(Frames[index].Frame.Image, Frames[index].Transform!.Value, Faces.Values.Span.Slice(index * length, length));
    }

    public void Dispose() => Faces.Dispose();
}
