using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Video.FFmpeg;

namespace LatentSync.Video;

/// <summary>
/// Encodes RGB frames to fragmented MP4 (H.264, yuv420p) with sound from the original recording, into a stream that need not seek: a player at its other end shows
/// frames while later ones are still being made. Each frame is a fragment of its own and leaves when the next one comes; key frames are close, so that a
/// player may join in. Nothing waits for later frames, at the price of larger files for the same quality. One writer at a time.
/// </summary>
public sealed class VideoStreamWriter : IVideoSink
{
    /// <summary>What <see cref="VideoOutput.Path"/> says of a stream, and the command line's name of standard output.</summary>
    public const string Name = "-";

    private const int BufferInBytes = 1 << 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly FFmpegProcess _process;
    private readonly FramePipe _pipe;
    private readonly Task<IOException?> _pump;
    private readonly int _width;
    private readonly int _height;
    private LatentSyncException? _failure;
    private long _written;

    private VideoStreamWriter(FFmpegProcess process, int width, int height, Stream destination)
    {
        (_process, _width, _height) = (process, FramePipe.Even(width), FramePipe.Even(height));
        _pipe = new FramePipe(process, width, height);
        _pump = Task.Run(() => PumpAsync(destination));
    }

    /// <summary>Starts the encoder.</summary>
    /// <param name="destination">Receives the video, flushed whenever the encoder has given something; stays open, and is the caller's.</param>
    /// <param name="width">Width in pixels of the frames.</param>
    /// <param name="height">Height in pixels of the frames.</param>
    /// <param name="options">How to encode; null for the defaults, without sound.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="LatentSyncException">
    /// <see cref="LatentSyncError.Media"/>: the recording cannot be used; <see cref="LatentSyncError.Usage"/>: a senseless option; <see cref="LatentSyncError.Environment"/>: ffmpeg is missing.
    /// </exception>
    public static async Task<VideoStreamWriter> CreateAsync(
        Stream destination, int width, int height, VideoWriterOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        options ??= new VideoWriterOptions();
        EncoderArguments.ValidateEncoding(options);
        AudioInfo? audio = options.AudioPath is { } path ? await MediaProbe.ProbeAudioAsync(path, cancellationToken).ConfigureAwait(false) : null;
        IReadOnlyList<string> arguments = EncoderArguments.BuildStream(FramePipe.Even(width), FramePipe.Even(height), options, audio);
        return new VideoStreamWriter(FFmpegProcess.Start(FFmpegTools.FFmpeg, arguments, feedInput: true), width, height, destination);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(RgbImage frame, CancellationToken cancellationToken = default)
    {
        ThrowIfFailed();
        try
        {
            await _pipe.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            throw await FailAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until everything has been written.</summary>
    /// <param name="cancellationToken">Ends the encoder.</param>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Output"/>: the encoder failed, or the stream takes no more.</exception>
    public async Task<VideoOutput> CompleteAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfFailed();
        if (_pipe.FrameCount == 0)
        {
            throw _failure = new LatentSyncException(LatentSyncError.Output, "no frame was made for the output stream: give a longer recording or video");
        }

        _process.CloseInput();
        int exitCode = await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return exitCode == 0 && await _pump.ConfigureAwait(false) is null
            ? new VideoOutput(Name, _pipe.FrameCount, _width, _height, Interlocked.Read(ref _written))
            : throw await FailAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the encoder at once if it still runs; what has been written cannot be taken back.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        try
        {
            await _pump.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Its reader neither reads nor goes: a cancelled job does not wait for it.
        }

        await _process.DisposeAsync().ConfigureAwait(false);
    }

    // Gives the error of a stream that takes no more; ffmpeg is then ended, and the sender sees a broken pipe.
    private async Task<IOException?> PumpAsync(Stream destination)
    {
        byte[] buffer = new byte[BufferInBytes];
        while (true)
        {
            int read;
            try
            {
                read = await _process.Output.ReadAsync(buffer).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                return null; // the process is gone, which its exit code tells
            }

            if (read == 0)
            {
                return null;
            }

            try
            {
                await destination.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
                await destination.FlushAsync().ConfigureAwait(false);
                Interlocked.Add(ref _written, read);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or NotSupportedException)
            {
                _process.Kill();
                return exception as IOException ?? new IOException(exception.Message, exception);
            }
        }
    }

    private async Task<LatentSyncException> FailAsync(CancellationToken cancellationToken)
    {
        int exitCode = await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        IOException? refused = await _pump.ConfigureAwait(false);
        return _failure = refused is null
            ? _pipe.Failure(exitCode, "the output stream")
            : new LatentSyncException(
                LatentSyncError.Output, $"the output stream takes no more ({MediaPath.Show(refused.Message)}): its reader has gone; keep it running until the end", refused);
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }
}
