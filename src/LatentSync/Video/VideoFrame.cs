using LatentSync.Kernels;

namespace LatentSync.Video;

/// <summary>
/// One frame on its way through the job. Whoever received it owns it and disposes it once, which gives its memory back for later frames.
/// </summary>
public sealed class VideoFrame : IDisposable
{
    private readonly RgbImage _image;
    private readonly FramePool _pool;
    private byte[]? _buffer;

    internal VideoFrame(int index, int sourceIndex, RgbImage image, byte[] buffer, FramePool pool)
    {
        (Index, SourceIndex, _image, _buffer, _pool) = (index, sourceIndex, image, buffer, pool);
    }

    /// <summary>Place in the sequence being read, from 0.</summary>
    public int Index { get; }

    /// <summary>Place of the same picture in the first forward pass over the source; differs from <see cref="Index"/> once a video loops.</summary>
    public int SourceIndex { get; }

    /// <summary>The pixels, <c>[Height,Width,3]</c>, 8-bit RGB; may be changed in place by the owner.</summary>
    /// <exception cref="ObjectDisposedException">The frame was disposed; its memory may hold another frame by now.</exception>
    public RgbImage Image
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _image;
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            _pool.Return(buffer);
        }
    }
}
