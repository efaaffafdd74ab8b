using System.Collections.Concurrent;
using LatentSync.Compositing;
using LatentSync.Decoding;
using LatentSync.Kernels;
using LatentSync.Latents;
using LatentSync.Runtime;

namespace LatentSync.Pipeline.Host;

/// <summary>Latents to faces, frame by frame; what the mask keeps is the original's.</summary>
internal sealed class DecodeStage
{
    private readonly VaeDecoder _decoder;
    private readonly MouthMask _mask;
    private readonly FaceImagePool _images;
    private readonly ILipSyncObserver? _observer;
    private readonly IFaceKernels _kernels;
    private readonly double _workShare;
    private readonly StageClock _clock;
    private readonly FaceCompositor _compositor;
    private readonly FaceBufferPool _buffers = new();
    private readonly Tensor _latents;
    private readonly Tensor _decoded;
    private readonly float[] _original;
    private readonly float[] _blanked;

    public DecodeStage(
        VaeDecoder decoder, MouthMask mask, int latentChannels, FaceImagePool images, ILipSyncObserver? observer, IFaceKernels kernels, double workShare, StageClock clock)
    {
        (_decoder, _mask, _images, _observer, _kernels, _workShare, _clock) = (decoder, mask, images, observer, kernels, workShare, clock);
        _compositor = new FaceCompositor(mask.Resolution, kernels);
        _latents = Tensor.Zeros(1, latentChannels, mask.Latent.Shape[0], mask.Latent.Shape[1]);
        _decoded = Tensor.Zeros(1, 3, mask.Resolution, mask.Resolution);
        (_original, _blanked) = (new float[_decoded.Length], new float[_decoded.Length]);
    }

    /// <param name="queues">Where frames go.</param>
    /// <param name="denoised">Groups whose latents are there or will be.</param>
    /// <param name="free">Receives chunks that were decoded.</param>
    /// <param name="cancellationToken">Stops the network.</param>
    public void Run(SynthesisQueues queues, BlockingCollection<HostGroup> denoised, BlockingCollection<HostChunk> free, CancellationToken cancellationToken)
    {
        foreach (HostGroup group in denoised.GetConsumingEnumerable(cancellationToken))
        {
            if (group.Chunk is not { } chunk)
            {
                queues.Synced.Add(new SyncedFrame(new UntouchedGroup(group.Frames), 0), cancellationToken);
                continue;
            }

            Tensor latents = chunk.WaitForLatents(cancellationToken);
            Show(latents, group.Frames);
            HostSyncedGroup synced = new(group.Frames, _compositor, _clock);
            for (int f = 0; f < group.Frames.Count; f++)
            {
                if (group.Frames[f].Index < queues.Emitted)
                {
                    synced.SetFace(f, Decode(latents, f, group.Frames, cancellationToken));
                }

                _images.Return(group.Frames[f].Face!);
                queues.Progress.Worked(LipSyncStage.VaeDecode, _workShare);
                queues.Synced.Add(new SyncedFrame(synced, f), cancellationToken);
            }

            chunk.Clear();
            free.Add(chunk, cancellationToken);
        }

        queues.Synced.CompleteAdding();
    }

    private FaceBuffer Decode(Tensor latents, int index, IReadOnlyList<JobFrame> frames, CancellationToken cancellationToken)
    {
        using StageClock.Running running = _clock.Time(LipSyncStage.VaeDecode);
        latents.Span.Slice(index * _latents.Length, _latents.Length).CopyTo(_latents.Span);
        _decoder.Decode(_latents, _decoded, cancellationToken);

        // Made again from the face's bytes, which costs less than keeping it as floats until now.
        _kernels.NormalizeAndMask(frames[index].Face!, _mask.Pixels, _original, _blanked);
        _kernels.KeepOriginal(_original, _mask.Pixels, _decoded.Span);
        FaceBuffer face = _buffers.Rent(_decoded.Length);
        _decoded.Span.CopyTo(face.Values.Span);
        return face;
    }

    private void Show(Tensor latents, IReadOnlyList<JobFrame> frames)
    {
        for (int f = 0; f < frames.Count && _observer is not null; f++)
        {
            _observer.OnLatents(frames[f].Index, new Tensor(latents.Data.Slice(f * _latents.Length, _latents.Length), _latents.Shape));
        }
    }
}
