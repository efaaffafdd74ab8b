using LatentSync.Compositing;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>New faces into their frames, frames to the encoder, in order; frames past the speech's end are dropped.</summary>
internal sealed class OutputStage(FaceCompositor compositor, VideoWriter writer, ILipSyncObserver? observer, JobProgress progress, StageClock clock, Action onGroupDone)
{
    public async Task RunAsync(IAsyncEnumerable<SyncedGroup> groups, long emitted, CancellationToken cancellationToken)
    {
        await foreach (SyncedGroup group in groups.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            using FaceBuffer? faces = group.Faces;
            for (int i = 0; i < group.Frames.Count; i++)
            {
                using JobFrame frame = group.Frames[i];
                if (frame.Index >= emitted)
                {
                    continue;
                }

                Composite(group, i);
                observer?.OnFrame(frame.Index, frame.SourceIndex, frame.Frame.Image, frame.Transform);
                using (clock.Time(LipSyncStage.VideoEncode))
                {
                    await writer.WriteAsync(frame.Frame.Image, cancellationToken).ConfigureAwait(false);
                }

                progress.Written(1);
            }

            onGroupDone();
        }
    }

    private void Composite(SyncedGroup group, int index)
    {
        if (group.Faces is not { } faces || group.Frames[index].Transform is not { } transform)
        {
            return;
        }

        using StageClock.Running running = clock.Time(LipSyncStage.Compositing);
        int length = faces.Values.Length / group.Frames.Count;
        compositor.Composite(group.Frames[index].Frame.Image, transform, faces.Values.Span.Slice(index * length, length));
    }
}
