using LatentSync.Kernels;
using LatentSync.Runtime;

namespace LatentSync.Faces;

/// <summary>
/// Looks at the frames of a clip in order with the detector on key frames only; between them the landmark network looks where the landmarks of the frame before
/// say that the face is. The detector runs before its turn where that cannot be trusted: after a frame without a face, at a cut, when the face moves, grows or turns
/// fast, when its landmarks drift from the shape they had, and where it reaches the frame's border. For one thread at a time.
/// </summary>
/// <remarks>
/// An approximation, off by default: landmarks follow their box a little, and the detector's boxes themselves jump by some pixels from frame to frame. Measured on the drawn
/// presenters against a detection in every frame, intervals 2 to 25: alignment points at most 4.2 pixels apart (640x480 and 540x960) and 0.7 to 1.8 on average,
/// the crop's corners at most 12.5 pixels in the frame, the same frames without a face; 6 detections for 150 frames of a calm face at interval 25. The tests hold
/// 5 and 2 pixels. A larger face that enters the picture between two key frames is noticed at the next.
/// </remarks>
public sealed class FaceFollower
{
    // Between two frames, as shares of the box's larger side, of the size, and in radians: beyond them a tracked box would lag behind.
    private const double MostShift = 0.08;
    private const double MostGrowth = 0.08;
    private const double MostTurn = 0.10;

    // Since the key frame: the detector's box does not turn with the face, nor do its landmarks keep their shape when it looks aside.
    private const double MostTurnSinceKey = 0.20;
    private const double MostDrift = 0.12;

    private readonly FaceAnalyzer _analyzer;
    private readonly int _interval;
    private FaceObservation? _key;
    private FaceAnchor _keyAnchor;
    private FaceAnchor _lastAnchor;
    private FacePatch? _lastPatch;
    private int _sinceKey;

    /// <summary>Starts a clip.</summary>
    /// <param name="analyzer">The networks; stays the caller's.</param>
    /// <param name="interval">Frames from one key frame to the next at most; 1 runs the detector on every frame.</param>
    public FaceFollower(FaceAnalyzer analyzer, int interval)
    {
        ArgumentNullException.ThrowIfNull(analyzer);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        (_analyzer, _interval) = (analyzer, interval);
    }

    /// <summary>Looks at the next frame.</summary>
    /// <param name="frame">The frame; only read, and only until the call returns.</param>
    /// <param name="cancellationToken">Stops the networks.</param>
    /// <exception cref="LatentSyncException">A network fails.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public FaceObservation Observe(RgbImage frame, CancellationToken cancellationToken = default) =>
        _interval > 1 && _key is not null && ++_sinceKey < _interval && Follow(frame, cancellationToken) is { } followed
            ? followed
            : Detect(frame, cancellationToken);

    private FaceObservation Detect(RgbImage frame, CancellationToken cancellationToken)
    {
        FaceObservation found = _analyzer.Observe(frame, cancellationToken);
        (_key, _sinceKey) = (found.HasFace ? found : null, 0);
        if (found.HasFace && _interval > 1)
        {
            _keyAnchor = _lastAnchor = FaceAnchor.Of(found.Landmarks);
            _lastPatch = FacePatch.Of(frame, found.Box);
        }

        return found;
    }

    // Null where the detector must look.
    private FaceObservation? Follow(RgbImage frame, CancellationToken cancellationToken)
    {
        FaceBox box = _lastAnchor.Carry(_keyAnchor, _key!.Box);
        if (!IsInside(box, frame) || FaceSelector.Select([box]).Absence != FaceAbsence.None)
        {
            return null;
        }

        FacePatch patch = FacePatch.Of(frame, box);
        if (!patch.Resembles(_lastPatch!))
        {
            return null;
        }

        IReadOnlyList<FacePoint> landmarks = _analyzer.Locate(frame, box, cancellationToken);
        FaceAnchor anchor = FaceAnchor.Of(landmarks);

        // The box is a frame late so far, and landmarks follow their box a little: once more where they say that the face is now.
        box = anchor.Carry(_keyAnchor, _key.Box);
        if (!IsInside(box, frame))
        {
            return null;
        }

        landmarks = _analyzer.Locate(frame, box, cancellationToken);
        anchor = FaceAnchor.Of(landmarks);
        double side = Math.Max(box.Right - box.Left, box.Bottom - box.Top);
        bool isCalm = anchor.DistanceTo(_lastAnchor) <= MostShift * side && anchor.GrowthSince(_lastAnchor) <= MostGrowth
            && anchor.TurnSince(_lastAnchor) <= MostTurn && anchor.TurnSince(_keyAnchor) <= MostTurnSinceKey && anchor.DriftFrom(_keyAnchor) <= MostDrift;
        if (!isCalm)
        {
            return null;
        }

        (_lastAnchor, _lastPatch) = (anchor, patch);
        return FaceObservation.Of(box, landmarks);
    }

    private static bool IsInside(in FaceBox box, RgbImage frame) => box.Left >= 0 && box.Top >= 0 && box.Right < frame.Width && box.Bottom < frame.Height;
}
