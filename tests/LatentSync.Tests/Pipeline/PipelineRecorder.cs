using LatentSync.Kernels;
using LatentSync.Pipeline;
using LatentSync.Runtime;

namespace LatentSync.Tests.Pipeline;

/// <summary>Keeps what a job computes on the way.</summary>
internal sealed class PipelineRecorder : ILipSyncObserver
{
    public List<float[]> Latents { get; } = [];

    public List<(long Index, long Source, byte[] Pixels, AffineTransform? Transform)> Frames { get; } = [];

    public LipSyncReport? Report { get; set; }

    public void OnLatents(long frameIndex, Tensor latents)
    {
        // Frames without a face have no latents.
        Assert.True(frameIndex >= Latents.Count);
        Latents.Add(latents.Span.ToArray());
    }

    public void OnFrame(long frameIndex, long sourceIndex, RgbImage frame, AffineTransform? transform)
    {
        Assert.Equal(Frames.Count, frameIndex);
        Frames.Add((frameIndex, sourceIndex, frame.Span.ToArray(), transform));
    }
}
