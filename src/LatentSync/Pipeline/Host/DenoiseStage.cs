using System.Collections.Concurrent;
using LatentSync.Denoising;
using LatentSync.Runtime;

namespace LatentSync.Pipeline.Host;

/// <summary>
/// Chunks to latents on one thread a denoiser, each with chunks of its own: as many whole chunks at once as it takes, a short one alone. Groups leave in order;
/// who takes one waits for its latents.
/// </summary>
internal sealed class DenoiseStage(IReadOnlyList<ChunkDenoiser> denoisers, Tensor noise, double workShare, StageClock clock)
{
    private readonly Lock _order = new();
    private HostGroup? _next;

    /// <param name="stages">The job's.</param>
    /// <param name="queues">The job's.</param>
    /// <param name="encoded">Groups with their conditioning.</param>
    /// <param name="denoised">Receives them as they are begun; has room for all that are in flight.</param>
    public void Start(StageGroup stages, SynthesisQueues queues, BlockingCollection<HostGroup> encoded, BlockingCollection<HostGroup> denoised)
    {
        clock.SetThreads(LipSyncStage.Denoising, denoisers.Count);
        foreach (ChunkDenoiser denoiser in denoisers)
        {
            stages.Start(token =>
            {
                List<HostGroup> batch = [];
                while (TryTake(batch, denoiser.MaxChunks, queues, encoded, denoised, token))
                {
                    Denoise(denoiser, batch, queues.Progress, token);
                }

                denoised.CompleteAdding();
            });
        }
    }

    // One thread at a time takes groups and hands them on, so that they stay in order. False at the end.
    private bool TryTake(
        List<HostGroup> batch, int most, SynthesisQueues queues, BlockingCollection<HostGroup> encoded, BlockingCollection<HostGroup> denoised, CancellationToken cancellationToken)
    {
        batch.Clear();
        lock (_order)
        {
            while (batch.Count < most && TryTakeNext(encoded, out HostGroup group, cancellationToken))
            {
                if (batch.Count > 0 && (group.Chunk is null || group.Frames.Count != batch[0].Frames.Count))
                {
                    _next = group;
                    break;
                }

                denoised.Add(group, cancellationToken);
                if (group.Chunk is null)
                {
                    queues.Progress.Worked(LipSyncStage.Denoising, group.Frames.Count);
                    continue;
                }

                batch.Add(group);
                if (group.Frames.Count < queues.ChunkLength)
                {
                    break;
                }
            }
        }

        return batch.Count > 0;
    }

    private bool TryTakeNext(BlockingCollection<HostGroup> encoded, out HostGroup group, CancellationToken cancellationToken)
    {
        if (_next is { } kept)
        {
            (group, _next) = (kept, null);
            return true;
        }

        return encoded.TryTake(out group, Timeout.Infinite, cancellationToken);
    }

    private void Denoise(ChunkDenoiser denoiser, List<HostGroup> batch, JobProgress progress, CancellationToken cancellationToken)
    {
        clock.ChunkBegins();
        using (clock.Time(LipSyncStage.Denoising))
        {
            double stepWork = batch[0].Frames.Count * batch.Count * workShare;
            FaceChunk[] chunks = [.. batch.Select(group => group.Chunk!.ToFaceChunk(group.Frames.Count))];
            IReadOnlyList<Tensor> latents = denoiser.Denoise(chunks, noise, _ => progress.Worked(LipSyncStage.Denoising, stepWork), cancellationToken);
            for (int i = 0; i < batch.Count; i++)
            {
                batch[i].Chunk!.SetLatents(latents[i]);
            }
        }

        clock.ChunkEnds();
    }
}
