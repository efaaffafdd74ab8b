namespace LatentSync.Video;

/// <summary>Frames in order, read ahead in the background by a bounded number. One reader at a time.</summary>
public interface IVideoSource : IAsyncDisposable
{
    /// <summary>The file the frames come from.</summary>
    VideoInfo Info { get; }

    /// <summary>The next frame, or null after the last. The caller disposes the frame.</summary>
    /// <param name="cancellationToken">Stops waiting; the source itself stops when it is disposed.</param>
    /// <exception cref="Runtime.LatentSyncException">The file could not be read to its end; the same error again on later calls.</exception>
    ValueTask<VideoFrame?> ReadFrameAsync(CancellationToken cancellationToken = default);
}
