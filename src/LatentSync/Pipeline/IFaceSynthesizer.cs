using LatentSync.Kernels;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>
/// Cuts faces out of frames and makes new ones: on the CPU, in stages that run at the same time, or on a GPU, where a frame stays between going up as decoded
/// and coming down composited. One job's; <see cref="Cut"/> may run beside the stages.
/// </summary>
internal interface IFaceSynthesizer : IDisposable
{
    /// <summary>What the job took of the GPU so far; null without one.</summary>
    GpuUse? Gpu { get; }

    /// <summary>What went less well so far than it could, in one sentence; null if nothing did.</summary>
    string? Warning { get; }

    /// <summary>How often the VAE's encoder ran so far.</summary>
    long EncoderRunCount { get; }

    /// <summary>Chunks whose frames are held at a time.</summary>
    int ChunksAtWork { get; }

    /// <summary>Cuts a face, where that is done before frames are grouped.</summary>
    /// <param name="frame">The decoded frame; only read.</param>
    /// <param name="frameToCrop">Its transform.</param>
    /// <returns>The aligned face, R x R; null if the stages cut it.</returns>
    RgbImage? Cut(VideoFrame frame, AffineTransform frameToCrop);

    /// <summary>Starts the stages between the queues.</summary>
    /// <param name="stages">The job's stages.</param>
    /// <param name="queues">What they work between.</param>
    void Start(StageGroup stages, SynthesisQueues queues);
}
