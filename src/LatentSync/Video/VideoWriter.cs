using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Video.FFmpeg;

namespace LatentSync.Video;

/// <summary>
/// Encodes RGB frames to H.264 (yuv420p) with sound from the original recording, streaming. The file has its name only after
/// <see cref="CompleteAsync"/>: until then it grows under a hidden name beside it, and disposing removes that. 4:2:0 needs even sides: an odd side is
/// made one pixel longer by repeating the edge, so that nothing is lost. One writer at a time.
/// </summary>
public sealed class VideoWriter : IVideoSink
{
    private readonly FFmpegProcess _process;
    private readonly PartialFile _file;
    private readonly FramePipe _pipe;
    private LatentSyncException? _failure;
    private bool _disposed;

    private VideoWriter(FFmpegProcess process, PartialFile file, int width, int height)
    {
        (_process, _file, Width, Height) = (process, file, width, height);
        _pipe = new FramePipe(process, width, height);
    }

    /// <summary>Width in pixels of the frames to write.</summary>
    public int Width { get; }

    /// <summary>Height in pixels of the frames to write.</summary>
    public int Height { get; }

    /// <summary>Width in pixels of the encoded picture: <see cref="Width"/>, or one more if that is odd.</summary>
    public int EncodedWidth => FramePipe.Even(Width);

    /// <summary>Height in pixels of the encoded picture: <see cref="Height"/>, or one more if that is odd.</summary>
    public int EncodedHeight => FramePipe.Even(Height);

    /// <summary>How many frames were taken so far.</summary>
    public int FrameCount => _pipe.FrameCount;

    /// <summary>Checks that the output can be written and starts the encoder.</summary>
    /// <param name="path">Where the video goes; <c>.mp4</c>, <c>.mov</c> or <c>.mkv</c>.</param>
    /// <param name="width">Width in pixels of the frames.</param>
    /// <param name="height">Height in pixels of the frames.</param>
    /// <param name="options">How to encode; null for the defaults, without sound.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="LatentSyncException">
    /// <see cref="LatentSyncError.Output"/>: the file exists, is an input, or its folder cannot be written; <see cref="LatentSyncError.Media"/>: the
    /// recording cannot be used; <see cref="LatentSyncError.Usage"/>: a senseless option; <see cref="LatentSyncError.Environment"/>: ffmpeg is missing.
    /// </exception>
    public static async Task<VideoWriter> CreateAsync(
        string path, int width, int height, VideoWriterOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        options ??= new VideoWriterOptions();
        string format = EncoderArguments.Validate(path, options);
        AudioInfo? audio = options.AudioPath is { } audioPath
            ? await MediaProbe.ProbeAudioAsync(audioPath, cancellationToken).ConfigureAwait(false)
            : null;
        PartialFile file = PartialFile.Create(path, options.Overwrite, [.. options.Inputs, .. audio is null ? Array.Empty<string>() : [audio.Path]]);
        try
        {
            IReadOnlyList<string> arguments = EncoderArguments.Build(file.Path, format, FramePipe.Even(width), FramePipe.Even(height), options, audio);
            return new VideoWriter(FFmpegProcess.Start(FFmpegTools.FFmpeg, arguments, feedInput: true), file, width, height);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Checks that an output can be written, leaving nothing behind.</summary>
    /// <exception cref="LatentSyncException">See <see cref="CreateAsync"/>.</exception>
    internal static void CheckOutput(string path, VideoWriterOptions options)
    {
        EncoderArguments.Validate(path, options);
        PartialFile.Create(path, options.Overwrite, options.Inputs).Dispose();
    }

    /// <summary>Hands a frame to the encoder; waits while the encoder is behind. The frame may be reused once this returns.</summary>
    /// <param name="frame">The next frame, of the size given at the start.</param>
    /// <param name="cancellationToken">Ends the encoder: the output is then given up.</param>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Output"/>: the encoder failed (disk full, killed, ...); the first cause is kept.</exception>
    public async ValueTask WriteAsync(RgbImage frame, CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        try
        {
            await _pipe.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The pipe broke because ffmpeg is gone; its own words are the cause.
            int exitCode = await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            throw _failure = Failure(exitCode);
        }
    }

    /// <summary>Finishes the file, checks that it holds every frame, and gives it its name.</summary>
    /// <param name="cancellationToken">Ends the encoder: the output is then given up.</param>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Output"/>: the file could not be finished; nothing has the final name.</exception>
    public async Task<VideoOutput> CompleteAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfUnusable();
        if (FrameCount == 0)
        {
            throw _failure = new LatentSyncException(
                LatentSyncError.Output, $"no frame was made for '{MediaPath.Show(_file.FinalPath)}': give a longer recording or video");
        }

        _process.CloseInput();
        int exitCode = await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        long stored = exitCode == 0 ? await MediaProbe.CountVideoPacketsAsync(_file.Path, cancellationToken).ConfigureAwait(false) : -1;
        if (exitCode != 0 || stored != FrameCount)
        {
            // ffmpeg can end with success although the last bytes did not fit on the disk.
            throw _failure = Failure(exitCode, $"it holds {stored} of {FrameCount} frames");
        }

        _file.Commit();
        await DisposeAsync().ConfigureAwait(false);
        return new VideoOutput(_file.FinalPath, FrameCount, EncodedWidth, EncodedHeight, new FileInfo(_file.FinalPath).Length);
    }

    /// <summary>Unless the output was completed: ends the encoder at once and removes what it had written.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await _process.DisposeAsync().ConfigureAwait(false);
            _file.Dispose();
        }
    }

    private LatentSyncException Failure(int exitCode, string ifSilent = "ffmpeg ended early") =>
        _pipe.Failure(exitCode, $"'{MediaPath.Show(_file.FinalPath)}'", ifSilent);

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failure is not null)
        {
            throw _failure;
        }
    }
}
