using System.Globalization;
using FFMpegCore.Arguments;
using LatentSync.Runtime;
using LatentSync.Video.FFmpeg;

namespace LatentSync.Video;

/// <summary>
/// Decodes a video file to RGB frames at a constant rate, streaming. Rotation metadata is applied; range and matrix of the source are
/// honoured (a stream that names none is taken as BT.601 limited, swscale's rule). Stored 8-bit RGB arrives exactly. Sources of more than 8 bits
/// are rounded to 8; HDR stays in its own PQ or HLG numbers, without tone mapping. If the picture's size changes on the way, later frames are scaled
/// to the first size.
/// </summary>
public sealed class VideoReader : IVideoSource
{
    private readonly VideoReaderOptions _options;
    private readonly FramePool _pool;
    private readonly FrameProducer _producer;

    private VideoReader(VideoInfo info, VideoReaderOptions options, FramePool pool)
    {
        Info = info;
        _options = options;
        _pool = pool;
        _producer = new FrameProducer(options.ReadAhead, DecodeAsync);
    }

    /// <inheritdoc/>
    public VideoInfo Info { get; }

    /// <summary>Opens a video and starts decoding.</summary>
    /// <param name="path">A local file; any name is safe.</param>
    /// <param name="options">What to read; null for everything at 25 frames per second.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="LatentSyncException">See <see cref="MediaProbe.ProbeVideoAsync"/>; <see cref="LatentSyncError.Usage"/>: a senseless option.</exception>
    public static async Task<VideoReader> OpenAsync(string path, VideoReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        VideoInfo info = await MediaProbe.ProbeVideoAsync(path, cancellationToken).ConfigureAwait(false);
        return Open(info, options);
    }

    /// <summary>Starts decoding a video that was probed before.</summary>
    /// <param name="info">From <see cref="MediaProbe.ProbeVideoAsync"/>.</param>
    /// <param name="options">What to read; null for everything at 25 frames per second.</param>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Usage"/>: a senseless option, or a start past the end.</exception>
    public static VideoReader Open(VideoInfo info, VideoReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(info);
        options ??= new VideoReaderOptions();
        Validate(info, options);
        return new VideoReader(info, options, new FramePool(info.Width, info.Height));
    }

    /// <summary>The same, with buffers that are shared with others.</summary>
    internal static VideoReader OpenShared(VideoInfo info, VideoReaderOptions options, FramePool pool)
    {
        Validate(info, options);
        return new VideoReader(info, options, pool);
    }

    /// <summary>Refuses what could not be read, before anything starts.</summary>
    internal static void Validate(VideoInfo info, VideoReaderOptions options)
    {
        if (!options.FrameRate.IsPositive || options.FrameRate.Value is < 0.1 or > 1000)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"{options.FrameRate} is no usable frame rate: give one from 0.1 to 1000, as 25 or 30000/1001");
        }

        if (options.Start < TimeSpan.Zero || options.Duration <= TimeSpan.Zero)
        {
            throw new LatentSyncException(LatentSyncError.Usage, "the start must not be negative and the duration must be above zero: correct --start and --duration");
        }

        if (info.Duration is { } total && options.Start >= total)
        {
            throw new LatentSyncException(
                LatentSyncError.Usage,
                string.Create(CultureInfo.InvariantCulture, $"'{MediaPath.Show(info.Path)}' lasts {total.TotalSeconds:0.###} s: give a --start before that"));
        }

        FFmpegTools.Find(FFmpegTools.FFmpeg); // missing: said here rather than with the first frame
    }

    /// <inheritdoc/>
    public ValueTask<VideoFrame?> ReadFrameAsync(CancellationToken cancellationToken = default) => _producer.ReadAsync(cancellationToken);

    /// <summary>Ends ffmpeg at once if it still runs.</summary>
    public ValueTask DisposeAsync() => _producer.DisposeAsync();

    private FFmpegArguments Arguments()
    {
        FFmpegArguments arguments = new();
        if (_options.Threads > 0)
        {
            arguments.Add(new ThreadsArgument(_options.Threads));
        }

        if (_options.Start > TimeSpan.Zero)
        {
            // ffmpeg counts from the container's start, the job from the first frame.
            arguments.Add("-ss", Seconds(_options.Start + Info.StartOffset));
        }

        if (_options.Duration is { } duration)
        {
            arguments.Add("-t", Seconds(duration));
        }

        // Time is counted from the first frame (files may start late or before zero), and the size is fixed: the pipe carries no headers.
        string filters = $"setpts=PTS-STARTPTS,fps={_options.FrameRate},"
            + $"scale=w={Info.Width}:h={Info.Height}:{ColorConversion.FromSource(Info.Color)}{ColorConversion.ScaleFlags}";
        return arguments.AddRange(MediaPath.InputArguments(Info.Path))
            .Add("-map", string.Create(CultureInfo.InvariantCulture, $"0:{Info.StreamIndex}"))
            .Add("-vf", filters)
            .Add(new ForcePixelFormatArgument("rgb24"), new ForceFormatArgument("rawvideo"))
            .Add("pipe:1");
    }

    private async Task DecodeAsync(Func<VideoFrame, ValueTask> handOver, CancellationToken cancellationToken)
    {
        await using FFmpegProcess process = FFmpegProcess.Start(FFmpegTools.FFmpeg, Arguments().List);
        using CancellationTokenRegistration kill = cancellationToken.UnsafeRegister(static p => ((FFmpegProcess)p!).Kill(), process);
        int count = 0;
        int left;
        while (true)
        {
            VideoFrame frame = _pool.Rent(count, count);
            left = await ReadPictureAsync(process.Output, frame).ConfigureAwait(false);
            if (left != 0)
            {
                frame.Dispose();
                break;
            }

            await handOver(frame).ConfigureAwait(false);
            count++;
        }

        cancellationToken.ThrowIfCancellationRequested();
        int exitCode = await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        Judge(process, exitCode, count, cutInsideFrame: left != _pool.SizeInBytes);
    }

    private static async ValueTask<int> ReadPictureAsync(Stream output, VideoFrame frame)
    {
        Memory<byte> pixels = frame.Image.Pixels;
        int read = await output.ReadAtLeastAsync(pixels, pixels.Length, throwOnEndOfStream: false).ConfigureAwait(false);
        return pixels.Length - read;
    }

    /// <summary>
    /// A clean end, or not. ffmpeg itself ends with success after most damage, so a file that gave errors AND clearly fewer frames than its length
    /// promises counts as broken; errors alone, with all frames there, are a warning.
    /// </summary>
    private void Judge(FFmpegProcess process, int exitCode, int count, bool cutInsideFrame)
    {
        string shown = MediaPath.Show(Info.Path);
        if (exitCode != 0 || cutInsideFrame)
        {
            string fix = exitCode > 128 ? "run the job again; if memory ran out, close other programs" : "play it to see whether it is damaged, or convert it to MP4";
            throw new LatentSyncException(LatentSyncError.Media, $"'{shown}' could not be decoded past frame {count} ({process.Reason(exitCode)}): {fix}");
        }

        if (count == 0)
        {
            throw new LatentSyncException(
                LatentSyncError.Media, $"'{shown}' gave no frames ({process.Log.Reason("nothing to decode")}): check --start, or give another video");
        }

        if (process.Log.LineCount == 0)
        {
            return;
        }

        int? expected = Info.EstimateFrameCount(_options.FrameRate, _options.Start, _options.Duration);
        double seconds = count / _options.FrameRate.Value;
        if (expected is { } promised && count < promised - Math.Max(2, promised / 100))
        {
            throw new LatentSyncException(LatentSyncError.Media, string.Create(
                CultureInfo.InvariantCulture,
                $"'{shown}' is damaged or cut off, it gave {count} of {promised} frames ({process.Log.Reason("?")}): copy it again, or use the first part with --duration {seconds:0.##}"));
        }

        _options.Warning?.Invoke(
            $"'{shown}' is damaged in places, some frames may look wrong ({process.Log.LineCount} decoder messages, the first: {process.Log.Reason("?")})");
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture);
}
