using System.Runtime.CompilerServices;

namespace LatentSync.Video;

/// <summary>Reading a <see cref="IVideoSource"/> with <c>await foreach</c>.</summary>
public static class VideoSourceExtensions
{
    /// <summary>All frames that are left. The caller disposes each.</summary>
    /// <param name="source">Where they come from.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Runtime.LatentSyncException">The file could not be read to its end.</exception>
    public static async IAsyncEnumerable<VideoFrame> ReadFramesAsync(
        this IVideoSource source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        while (await source.ReadFrameAsync(cancellationToken).ConfigureAwait(false) is { } frame)
        {
            yield return frame;
        }
    }
}
