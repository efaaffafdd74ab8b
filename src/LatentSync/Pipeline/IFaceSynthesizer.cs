using LatentSync.Kernels;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>
/// Cuts faces out of frames, makes new ones and puts them back: on the CPU, stage by stage on three threads, or on a GPU, where a frame stays
/// between going up as decoded and coming down composited. One job's; a call of each method may run beside calls of the others.
/// </summary>
internal interface IFaceSynthesizer : IDisposable
{
    /// <summary>What the job took of the GPU so far; null without one.</summary>
    GpuUse? Gpu { get; }

    /// <summary>How often the VAE's encoder ran so far.</summary>
    long EncoderRunCount { get; }

    /// <summary>Cuts a face, where that is done before frames are grouped.</summary>
    /// <param name="frame">The decoded frame; only read.</param>
    /// <param name="frameToCrop">Its transform.</param>
    /// <returns>The aligned face, R x R; null if <see cref="Synthesize"/> cuts it.</returns>
    RgbImage? Cut(VideoFrame frame, AffineTransform frameToCrop);

    /// <summary>Makes new faces for a group, or starts to.</summary>
    /// <param name="group">Frames with faces that are denoised together.</param>
    /// <param name="emitted">Frames from this index on are dropped before put-back and not decoded.</param>
    /// <param name="onWork">Told of what is being done, and of the work done on the group so far in whole frames.</param>
    /// <param name="cancellationToken">Stops the networks.</param>
    /// <returns>The group; at most two may be undisposed at a time.</returns>
    ISyncedGroup Synthesize(IReadOnlyList<JobFrame> group, long emitted, Action<LipSyncStage, double> onWork, CancellationToken cancellationToken);
}
