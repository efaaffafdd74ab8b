using System.Collections.Concurrent;
using LatentSync.Denoising;
using LatentSync.Runtime;

namespace LatentSync.Pipeline.Host;

/// <summary>Chunks to latents: as many whole chunks at once as the denoiser takes, a short one alone.</summary>
internal sealed class DenoiseStage(ChunkDenoiser denoiser, Tensor noise, ILipSyncObserver? observer, double workShare, StageClock clock)
{
    private readonly List<HostGroup> _batch = [];

    /// <param name="queues">The job's.</param>
    /// <param name="encoded">Groups with their conditioning.</param>
    /// <param name="denoised">Receives them with their latents.</param>
    /// <param name="cancellationToken">Stops within a step.</param>
    public void Run(SynthesisQueues queues, BlockingCollection<HostGroup> encoded, BlockingCollection<HostGroup> denoised, CancellationToken cancellationToken)
    {
        foreach (HostGroup group in encoded.GetConsumingEnumerable(cancellationToken))
        {
            if (_batch.Count > 0 && group.Frames.Count != _batch[0].Frames.Count)
            {
                Flush(queues, denoised, cancellationToken);
            }

            if (group.Chunk is null)
            {
                denoised.Add(group, cancellationToken);
                queues.Progress.Worked(LipSyncStage.Denoising, group.Frames.Count);
                continue;
            }

            _batch.Add(group);
            if (_batch.Count == denoiser.MaxChunks || group.Frames.Count < queues.ChunkLength)
            {
                Flush(queues, denoised, cancellationToken);
            }
        }

        Flush(queues, denoised, cancellationToken);
        denoised.CompleteAdding();
    }

    private void Flush(SynthesisQueues queues, BlockingCollection<HostGroup> denoised, CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        Denoise(_batch[0].Frames.Count * _batch.Count * workShare, queues.Progress, cancellationToken);
        foreach (HostGroup group in _batch)
        {
            denoised.Add(group, cancellationToken);
        }

        _batch.Clear();
    }

    private void Denoise(double stepWork, JobProgress progress, CancellationToken cancellationToken)
    {
        clock.ChunkBegins();
        using (clock.Time(LipSyncStage.Denoising))
        {
            FaceChunk[] chunks = [.. _batch.Select(group => group.Chunk!.ToFaceChunk(group.Frames.Count))];
            IReadOnlyList<Tensor> latents = denoiser.Denoise(chunks, noise, _ => progress.Worked(LipSyncStage.Denoising, stepWork), cancellationToken);
            for (int i = 0; i < _batch.Count; i++)
            {
                _batch[i].Chunk!.Latents = latents[i];
            }
        }

        clock.ChunkEnds();
        foreach (HostGroup group in observer is null ? [] : _batch)
        {
            Show(group, observer!);
        }
    }

    private static void Show(HostGroup group, ILipSyncObserver observer)
    {
        Tensor latents = group.Chunk!.Latents!;
        int length = latents.Length / group.Frames.Count;
        for (int f = 0; f < group.Frames.Count; f++)
        {
            observer.OnLatents(group.Frames[f].Index, new Tensor(latents.Data.Slice(f * length, length), [1, .. latents.Shape[1..]]));
        }
    }
}
