using LatentSync.Kernels;

namespace LatentSync.Video;

/// <summary>Frames as raw bytes into an encoder's input. 4:2:0 needs even sides: an odd one is made a pixel longer by repeating the edge.</summary>
internal sealed class FramePipe(int width, int height)
{
    private readonly byte[] _evenRow = (width & 1) == 0 ? [] : new byte[(width + 1) * 3];

    /// <summary>Width of the encoded picture in pixels.</summary>
    public int EncodedWidth => width + (width & 1);

    /// <summary>Height of the encoded picture in pixels.</summary>
    public int EncodedHeight => height + (height & 1);

    /// <exception cref="ArgumentException">The frame has another size.</exception>
    public void Check(RgbImage frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Width != width || frame.Height != height)
        {
            throw new ArgumentException($"the video is {width}x{height}, the frame {frame.Width}x{frame.Height}", nameof(frame));
        }
    }

    /// <exception cref="IOException">The encoder is gone.</exception>
    public async ValueTask SendAsync(RgbImage frame, Stream pipe)
    {
        if (_evenRow.Length == 0)
        {
            await pipe.WriteAsync(frame.Pixels).ConfigureAwait(false);
        }

        int rowBytes = width * 3;
        for (int y = _evenRow.Length == 0 ? height : 0; y < EncodedHeight; y++)
        {
            ReadOnlyMemory<byte> row = frame.Pixels.Slice(Math.Min(y, height - 1) * rowBytes, rowBytes);
            if (_evenRow.Length == 0)
            {
                await pipe.WriteAsync(row).ConfigureAwait(false);
                continue;
            }

            row.Span.CopyTo(_evenRow);
            row.Span[^3..].CopyTo(_evenRow.AsSpan(rowBytes));
            await pipe.WriteAsync(_evenRow).ConfigureAwait(false);
        }

        await pipe.FlushAsync().ConfigureAwait(false);
    }
}
