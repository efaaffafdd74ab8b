using LatentSync.Audio;

namespace LatentSync.Pipeline;

/// <summary>Speech to features, a segment of 30 s at a time, somewhat ahead of the frames that need them: the first frame waits for the first segment only.</summary>
internal sealed class SpeechStage(AudioExtraction speech, JobProgress progress, StageClock clock)
{
    /// <summary>Time from the job's beginning until the first segment's features were there.</summary>
    public TimeSpan FirstSegment { get; private set; } = progress.Elapsed;

    public void Run(CancellationToken cancellationToken)
    {
        for (bool isFirst = true; !speech.IsComplete; isFirst = false)
        {
            speech.WaitUntilWanted(cancellationToken);
            using (clock.Time(LipSyncStage.Audio))
            {
                speech.EncodeSegment(cancellationToken);
            }

            FirstSegment = isFirst ? progress.Elapsed : FirstSegment;
        }
    }

    /// <summary>The last frame is on its way: nobody may ask for the rest of the speech, which is then computed for the cache alone.</summary>
    public void FramesEnded() => speech.WantAll();
}
