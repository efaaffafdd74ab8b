using System.Collections.Concurrent;
using LatentSync.Audio;
using LatentSync.Pipeline.Prepared;

namespace LatentSync.Pipeline.Host;

/// <summary>Aligned faces to chunks: each face goes through the VAE's encoder as it comes, while the chunk before is denoised.</summary>
internal sealed class EncodeStage(FaceEncoder encoder, AudioFeatures audio, double frameRate, double workShare, StageClock clock)
{
    private readonly float[] _pixels = new float[encoder.Layout.FaceSize];

    /// <param name="queues">Where frames come from.</param>
    /// <param name="free">Chunks to fill; waited for.</param>
    /// <param name="encoded">Receives the groups.</param>
    /// <param name="cancellationToken">Stops the network.</param>
    public void Run(SynthesisQueues queues, BlockingCollection<HostChunk> free, BlockingCollection<HostGroup> encoded, CancellationToken cancellationToken)
    {
        HostChunk? chunk = null;
        void Add(JobFrame frame, int index)
        {
            chunk = index == 0 ? free.Take(cancellationToken) : chunk;
            Encode(frame, index, chunk!, cancellationToken);
            queues.Progress.Worked(LipSyncStage.VaeEncode, workShare);
        }

        // Windows come last: until then the first of them may still be computed.
        foreach (IReadOnlyList<JobFrame> group in ChunkAssembler.Group(queues.Frames.GetConsumingEnumerable(cancellationToken), queues.ChunkLength, Add))
        {
            for (int i = 0; group[0].HasFace && i < group.Count; i++)
            {
                audio.CopyWindow(group[i].Index, frameRate, chunk!.Window(i), cancellationToken);
            }

            encoded.Add(new HostGroup(group, group[0].HasFace ? chunk : null), cancellationToken);
        }

        encoded.CompleteAdding();
    }

    private void Encode(JobFrame frame, int index, HostChunk chunk, CancellationToken cancellationToken)
    {
        using StageClock.Running running = clock.Time(LipSyncStage.VaeEncode);
        encoder.Encode(frame.Frame.SourceIndex, frame.Face!, _pixels, chunk.Masked(index), chunk.Reference(index), cancellationToken);
    }
}
