using System.Collections.Concurrent;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>Frames to the encoder, in order; frames past the speech's end are dropped.</summary>
internal sealed class OutputStage(VideoWriter writer, ILipSyncObserver? observer, JobProgress progress, StageClock clock, SemaphoreSlim framesInFlight)
{
    public void Run(BlockingCollection<JobFrame> frames, long emitted, CancellationToken cancellationToken)
    {
        foreach (JobFrame frame in frames.GetConsumingEnumerable(cancellationToken))
        {
            using (frame)
            {
                if (frame.Index < emitted)
                {
                    Write(frame, cancellationToken);
                }
            }

            framesInFlight.Release();
        }
    }

    private void Write(JobFrame frame, CancellationToken cancellationToken)
    {
        observer?.OnFrame(frame.Index, frame.SourceIndex, frame.Frame.Image, frame.Transform);
        using (clock.Time(LipSyncStage.VideoEncode))
        {
            ValueTask written = writer.WriteAsync(frame.Frame.Image, cancellationToken);
            if (!written.IsCompletedSuccessfully)
            {
                written.AsTask().GetAwaiter().GetResult();
            }
        }

        progress.Written(1);
    }
}
