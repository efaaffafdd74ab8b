using LatentSync.Kernels;

namespace LatentSync.Video;

/// <summary>Where a job's frames go: a file or a stream. Disposing before completion gives the output up. One caller at a time.</summary>
internal interface IVideoSink : IAsyncDisposable
{
    /// <summary>Hands a frame to the encoder; waits while the encoder is behind. The frame may be reused once this returns.</summary>
    /// <exception cref="Runtime.LatentSyncException">The encoder or the output failed.</exception>
    ValueTask WriteAsync(RgbImage frame, CancellationToken cancellationToken);

    /// <summary>Finishes the output.</summary>
    /// <exception cref="Runtime.LatentSyncException">The output could not be finished.</exception>
    Task<VideoOutput> CompleteAsync(CancellationToken cancellationToken);
}
