using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Video.FFmpeg;

namespace LatentSync.Video;

/// <summary>Frames as raw bytes into an encoder's input. 4:2:0 needs even sides: an odd one is made a pixel longer by repeating the edge.</summary>
internal sealed class FramePipe(FFmpegProcess process, int width, int height)
{
    private readonly byte[] _evenRow = (width & 1) == 0 ? [] : new byte[Even(width) * 3];

    /// <summary>Frames sent so far.</summary>
    public int FrameCount { get; private set; }

    /// <summary>The side of the encoded picture for a side of the frames, in pixels.</summary>
    public static int Even(int side) => side + (side & 1);

    /// <summary>Sends a frame; waits while the encoder is behind.</summary>
    /// <exception cref="ArgumentException">The frame has another size.</exception>
    /// <exception cref="IOException">The encoder is gone.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled; the encoder is ended then.</exception>
    public async ValueTask WriteAsync(RgbImage frame, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Width != width || frame.Height != height)
        {
            throw new ArgumentException($"the video is {width}x{height}, the frame {frame.Width}x{frame.Height}", nameof(frame));
        }

        cancellationToken.ThrowIfCancellationRequested();
        using (cancellationToken.UnsafeRegister(static p => ((FFmpegProcess)p!).Kill(), process))
        {
            await SendAsync(frame).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        FrameCount++;
    }

    /// <summary>What is said of an encoder that failed: its own words, and what helps.</summary>
    /// <param name="exitCode">What it ended with.</param>
    /// <param name="output">What could not be written, as a sentence begins with it.</param>
    /// <param name="ifSilent">The reason if it ended with success and said nothing.</param>
    public LatentSyncException Failure(int exitCode, string output, string ifSilent = "ffmpeg ended early")
    {
        string reason = exitCode == 0 ? process.Log.Reason(ifSilent) : process.Reason(exitCode);
        bool lacksEncoder = process.Log.Contains("Unknown encoder");
        string fix = reason switch
        {
            _ when process.Log.Contains("No space left") => "free space on that disk or write to another one",
            _ when lacksEncoder => "install an ffmpeg with libx264 (Debian, Ubuntu: sudo apt-get install ffmpeg)",
            _ when exitCode > 128 => "run the job again; if memory ran out, close other programs",
            _ => "check the disk and the recording, then run again",
        };
        return new LatentSyncException(lacksEncoder ? LatentSyncError.Environment : LatentSyncError.Output, $"{output} could not be written ({reason}): {fix}");
    }

    private async ValueTask SendAsync(RgbImage frame)
    {
        Stream pipe = process.Input;
        if (_evenRow.Length == 0)
        {
            await pipe.WriteAsync(frame.Pixels).ConfigureAwait(false);
        }

        int rowBytes = width * 3;
        for (int y = _evenRow.Length == 0 ? height : 0; y < Even(height); y++)
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
