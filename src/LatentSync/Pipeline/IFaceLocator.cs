using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>Says where the faces of source frames are.</summary>
internal interface IFaceLocator
{
    /// <summary>Locates the next source frame's face; each is asked for once, in order.</summary>
    /// <param name="frame">The decoded frame; only read.</param>
    /// <param name="cancellationToken">Stops the networks.</param>
    /// <exception cref="Runtime.LatentSyncException">A network fails, or the frame is not one of the prepared video.</exception>
    LocatedFace Locate(VideoFrame frame, CancellationToken cancellationToken);
}
