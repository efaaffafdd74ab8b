using System.Collections.Concurrent;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>Frames to the encoder, in order; frames past the speech's end are dropped.</summary>
internal sealed class OutputStage(IVideoSink writer, ILipSyncObserver? observer, JobProgress progress, StageClock clock, SemaphoreSlim framesInFlight)
{
    /// <summary>Time from the job's beginning until the first frame was ready for the encoder; null before.</summary>
    public TimeSpan? FirstFrame { get; private set; }

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
        FirstFrame ??= progress.Elapsed;
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
