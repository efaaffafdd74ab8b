using LatentSync.Runtime;

namespace LatentSync.Video;

/// <summary>
/// As many frames as are asked for, from a video of any length: a shorter one is played forwards, backwards, forwards, ... (<see cref="PingPong"/>).
/// Memory does not depend on either length: the first pass comes from the decoder and is kept, losslessly, in one temporary file if the video
/// will or may turn out to be much too short; later passes come from that file, bit for bit. A few missing frames, as for a video that is as
/// long as its speech, come from memory.
/// </summary>
public sealed class LoopingVideoSource : IVideoSource
{
    // Jobs ask for a frame or two more than the speech has, and durations are rounded.
    private const int RingLength = 4;

    private readonly int _frameCount;
    private readonly LoopingVideoOptions _options;
    private readonly FrameProducer _producer;
    private readonly FramePool _pool;
    private volatile int _sourceCount;

    private LoopingVideoSource(VideoInfo info, int frameCount, LoopingVideoOptions options)
    {
        (Info, _frameCount, _options) = (info, frameCount, options);
        _pool = new FramePool(info.Width, info.Height);
        _producer = new FrameProducer(options.Reader.ReadAhead, ProduceAsync);
    }

    /// <inheritdoc/>
    public VideoInfo Info { get; }

    /// <summary>
    /// Number of frames of the source, the length of one pass; null until its end was seen, and for good if it is at least as long as needed.
    /// </summary>
    public int? SourceCount => _sourceCount > 0 ? _sourceCount : null;

    /// <summary>Opens a video and starts decoding.</summary>
    /// <param name="path">A local file; any name is safe.</param>
    /// <param name="frameCount">How many frames to give, at least 1.</param>
    /// <param name="options">What to read and where to keep frames; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="LatentSyncException">See <see cref="VideoReader.OpenAsync"/>.</exception>
    public static async Task<LoopingVideoSource> OpenAsync(
        string path, int frameCount, LoopingVideoOptions? options = null, CancellationToken cancellationToken = default)
    {
        VideoInfo info = await MediaProbe.ProbeVideoAsync(path, cancellationToken).ConfigureAwait(false);
        return Open(info, frameCount, options);
    }

    /// <summary>Starts decoding a video that was probed before.</summary>
    /// <param name="info">From <see cref="MediaProbe.ProbeVideoAsync"/>.</param>
    /// <param name="frameCount">How many frames to give, at least 1.</param>
    /// <param name="options">What to read and where to keep frames; null for the defaults.</param>
    /// <exception cref="LatentSyncException">
    /// <see cref="LatentSyncError.Output"/>: the temporary folder does not exist; also see <see cref="VideoReader.Open"/>.
    /// </exception>
    public static LoopingVideoSource Open(VideoInfo info, int frameCount, LoopingVideoOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        options ??= new LoopingVideoOptions();
        VideoReader.Validate(info, options.Reader);
        if (!Directory.Exists(options.TempDirectory))
        {
            throw new LatentSyncException(
                LatentSyncError.Output, $"the temporary folder '{MediaPath.Show(options.TempDirectory)}' does not exist: create it or give another one with --temp-dir");
        }

        return new LoopingVideoSource(info, frameCount, options);
    }

    /// <inheritdoc/>
    public ValueTask<VideoFrame?> ReadFrameAsync(CancellationToken cancellationToken = default) => _producer.ReadAsync(cancellationToken);

    /// <summary>Ends ffmpeg at once if it still runs and removes the kept frames.</summary>
    public ValueTask DisposeAsync() => _producer.DisposeAsync();

    private int? Estimate => Info.EstimateFrameCount(_options.Reader.FrameRate, _options.Reader.Start, _options.Reader.Duration);

    private async Task ProduceAsync(Func<VideoFrame, ValueTask> handOver, CancellationToken cancellationToken)
    {
        FrameSpool? spool = Estimate is { } estimate && estimate >= _frameCount - RingLength ? null : StartSpool(Estimate);
        FrameRing ring = new(RingLength, Kernels.RgbImage.SizeInBytes(Info.Width, Info.Height));
        try
        {
            int count = await FirstPassAsync(spool, ring, handOver, cancellationToken).ConfigureAwait(false);
            if (count >= _frameCount)
            {
                return;
            }

            _sourceCount = count;
            if (Enumerable.Range(count, _frameCount - count).All(index => ring.Holds(PingPong.SourceIndex(index, count))))
            {
                await ReplayAsync(ring, count, handOver).ConfigureAwait(false);
                return;
            }

            spool ??= await DecodeAgainAsync(count, cancellationToken).ConfigureAwait(false);
            Report(spool, count, complete: true);
            for (int index = count; index < _frameCount; index++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                spool.MoveTo(PingPong.SourceIndex(index, count));
                VideoFrame frame = _pool.Rent(index, spool.Index);
                spool.Frame.CopyTo(frame.Image.Span);
                await handOver(frame).ConfigureAwait(false);
            }
        }
        finally
        {
            spool?.Dispose();
        }
    }

    private async Task ReplayAsync(FrameRing ring, int count, Func<VideoFrame, ValueTask> handOver)
    {
        for (int index = count; index < _frameCount; index++)
        {
            int source = PingPong.SourceIndex(index, count);
            VideoFrame frame = _pool.Rent(index, source);
            ring.Frame(source).CopyTo(frame.Image.Span);
            await handOver(frame).ConfigureAwait(false);
        }
    }

    private async Task<int> FirstPassAsync(FrameSpool? spool, FrameRing ring, Func<VideoFrame, ValueTask> handOver, CancellationToken cancellationToken)
    {
        await using VideoReader reader = VideoReader.OpenShared(Info, _options.Reader, _pool);
        int count = 0;
        while (count < _frameCount && await reader.ReadFrameAsync(cancellationToken).ConfigureAwait(false) is { } frame)
        {
            spool?.Append(frame.Image.Pixels);

            // Of more than the ring's length missing, none are taken from it: earlier frames would be copied for nothing.
            if (spool is null && count >= _frameCount - (2 * RingLength))
            {
                ring.Keep(count, frame.Image.Span);
            }

            await handOver(frame).ConfigureAwait(false);
            count++;
        }

        return count;
    }

    /// <summary>The container promised more frames than it had, so none were kept: decode once more, only to keep them.</summary>
    private async Task<FrameSpool> DecodeAgainAsync(int count, CancellationToken cancellationToken)
    {
        FrameSpool spool = StartSpool(count);
        try
        {
            await using VideoReader reader = VideoReader.OpenShared(Info, _options.Reader with { Warning = null }, _pool);
            while (await reader.ReadFrameAsync(cancellationToken).ConfigureAwait(false) is { } frame)
            {
                using (frame)
                {
                    spool.Append(frame.Image.Pixels);
                }
            }

            return spool.Count == count
                ? spool
                : throw new LatentSyncException(LatentSyncError.Media, $"'{MediaPath.Show(Info.Path)}' changed while it was read: leave it alone and run again");
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    private FrameSpool StartSpool(int? expected)
    {
        FrameSpool spool = FrameSpool.Create(_options.TempDirectory, Info.Width, Info.Height);
        Report(spool, expected, complete: false);
        return spool;
    }

    private void Report(FrameSpool spool, int? expected, bool complete) => _options.Spooling?.Invoke(new SpoolStatus(
        _options.TempDirectory, spool.Count, spool.SizeInBytes, expected, (long?)expected * Kernels.RgbImage.SizeInBytes(Info.Width, Info.Height), complete));
}
