using System.Collections.Concurrent;
using System.Globalization;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>
/// Frames in output order to frames with aligned faces. Each source frame is analysed once, on the first forward pass, and its transform reused
/// in every later turn: analysed again on the way back, the smoothing would differ.
/// </summary>
internal sealed class FaceStage
{
    private readonly LipSyncOptions _options;
    private readonly IFaceLocator _locator;
    private readonly IFaceSynthesizer _synthesizer;
    private readonly StageClock _clock;
    private readonly List<LocatedFace> _track = [];
    private readonly List<MissingFace> _missing = [];

    public FaceStage(LipSyncOptions options, IFaceLocator locator, IFaceSynthesizer synthesizer, StageClock clock)
    {
        _options = options;
        _locator = locator;
        _synthesizer = synthesizer;
        _clock = clock;
    }

    /// <summary>Frames without a usable face so far, in order.</summary>
    public IReadOnlyList<MissingFace> Missing => _missing;

    /// <summary>Finds and aligns the face of every frame.</summary>
    /// <param name="source">Frames in output order; source frames first appear in rising order.</param>
    /// <param name="located">Receives them.</param>
    /// <param name="emitted">Frames that reach the output: only these count as missing.</param>
    /// <param name="framesInFlight">Waited for before each frame, so that no more are held than it allows.</param>
    /// <param name="cancellationToken">Stops the networks.</param>
    /// <exception cref="LatentSyncException">A frame has no face and the job is to fail on that.</exception>
    public void Run(
        IVideoSource source, BlockingCollection<JobFrame> located, long emitted, SemaphoreSlim framesInFlight, CancellationToken cancellationToken)
    {
        while (true)
        {
            framesInFlight.Wait(cancellationToken);
            if (Read(source, cancellationToken) is not { } frame)
            {
                located.CompleteAdding();
                return;
            }

            located.Add(Process(frame, emitted, cancellationToken), cancellationToken);
        }
    }

    private VideoFrame? Read(IVideoSource source, CancellationToken cancellationToken)
    {
        using StageClock.Running running = _clock.Time(LipSyncStage.VideoDecode);
        ValueTask<VideoFrame?> frame = source.ReadFrameAsync(cancellationToken);
        return frame.IsCompletedSuccessfully ? frame.Result : frame.AsTask().GetAwaiter().GetResult();
    }

    private JobFrame Process(VideoFrame frame, long emitted, CancellationToken cancellationToken)
    {
        using StageClock.Running running = _clock.Time(LipSyncStage.Faces);
        if (frame.SourceIndex == _track.Count)
        {
            _track.Add(_locator.Locate(frame, cancellationToken));
        }

        LocatedFace source = _track[frame.SourceIndex];
        if (source.Transform is not { } transform)
        {
            Note(frame, source.Reason, emitted);
            return new JobFrame(frame, null, null);
        }

        return new JobFrame(frame, transform, _synthesizer.Cut(frame, transform));
    }

    private void Note(VideoFrame frame, string reason, long emitted)
    {
        // Frames past the speech's end are never seen: what they lack does not matter.
        if (frame.Index >= emitted)
        {
            return;
        }

        if (_options.OnMissingFace == MissingFacePolicy.Fail)
        {
            double seconds = (frame.SourceIndex / _options.FrameRate.Value) + JobCheck.ReaderOptions(_options).Start.TotalSeconds;
            throw new LatentSyncException(
                LatentSyncError.MissingFace,
                string.Create(CultureInfo.InvariantCulture, $"'{MediaPath.Show(_options.VideoPath)}' has no usable face in frame {frame.SourceIndex} (at {seconds:0.00} s, {reason}): cut the video, or pass such frames through with --on-missing-face keep"));
        }

        _missing.Add(new MissingFace(frame.Index, frame.SourceIndex, reason));
    }
}
