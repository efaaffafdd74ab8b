using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>New faces into their frames, frames to the encoder, in order; frames past the speech's end are dropped.</summary>
internal sealed class OutputStage(IVideoSink writer, ILipSyncObserver? observer, JobProgress progress, StageClock clock, Action onGroupDone)
{
    /// <summary>Time from the job's beginning until the first frame was ready for the encoder; null before.</summary>
    public TimeSpan? FirstFrame { get; private set; }

    public async Task RunAsync(IAsyncEnumerable<ISyncedGroup> groups, long emitted, CancellationToken cancellationToken)
    {
        await foreach (ISyncedGroup group in groups.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            using ISyncedGroup held = group;
            for (int i = 0; i < group.Frames.Count; i++)
            {
                using JobFrame frame = group.Frames[i];
                if (frame.Index >= emitted)
                {
                    continue;
                }

                group.PutBack(i);
                FirstFrame ??= progress.Elapsed;
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
}
