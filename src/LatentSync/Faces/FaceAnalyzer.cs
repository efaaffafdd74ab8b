using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Faces;

/// <summary>
/// Looks at frames one by one: detection, choice and landmarks. Nothing carries over, so frames may come in any order and from any thread;
/// calls wait for one another. What needs the order is <see cref="FaceTracker"/>'s.
/// </summary>
public sealed class FaceAnalyzer : IDisposable
{
    private readonly FaceDetector _detector;
    private readonly FaceLandmarker _landmarker;
    private readonly Lock _gate = new();
    private long _detections;
    private long _landmarks;

    /// <summary>Takes the two networks.</summary>
    /// <param name="detector">The detector; disposed with the analyzer.</param>
    /// <param name="landmarker">The landmark network; disposed with the analyzer.</param>
    public FaceAnalyzer(FaceDetector detector, FaceLandmarker landmarker)
    {
        _detector = detector;
        _landmarker = landmarker;
    }

    /// <summary>How often the detector ran.</summary>
    public long DetectionCount => Interlocked.Read(ref _detections);

    /// <summary>How often the landmark network ran.</summary>
    public long LandmarkCount => Interlocked.Read(ref _landmarks);

    /// <summary>Loads both networks on ONNX Runtime.</summary>
    /// <param name="detectorPath">SCRFD, such as buffalo_l's <c>det_10g.onnx</c>.</param>
    /// <param name="landmarkerPath">106 landmarks, such as buffalo_l's <c>2d106det.onnx</c>.</param>
    /// <param name="options">Session settings, for each of the two.</param>
    /// <exception cref="LatentSyncException">A file is missing, not ONNX or another network.</exception>
    public static FaceAnalyzer Load(string detectorPath, string landmarkerPath, OnnxRuntimeOptions options)
    {
        FaceDetector detector = FaceDetector.Load(detectorPath, options);
        try
        {
            return new FaceAnalyzer(detector, FaceLandmarker.Load(landmarkerPath, options));
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Looks at a frame.</summary>
    /// <param name="frame">The frame; only read, and only until the call returns.</param>
    /// <param name="cancellationToken">Stops the networks.</param>
    /// <exception cref="LatentSyncException">A network fails.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public FaceObservation Observe(RgbImage frame, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _detections++;
            FaceBox[] boxes = [.. _detector.Detect(frame, cancellationToken).Select(f => f.Box)];
            (int index, FaceAbsence absence) = FaceSelector.Select(boxes);
            if (absence != FaceAbsence.None)
            {
                return FaceObservation.Missing(absence, index >= 0 ? boxes[index] : default);
            }

            _landmarks++;
            return FaceObservation.Of(boxes[index], _landmarker.Locate(frame, boxes[index], cancellationToken));
        }
    }

    /// <summary>Finds the points of a face whose box is known.</summary>
    /// <param name="frame">The frame; only read, and only until the call returns.</param>
    /// <param name="box">The face's box.</param>
    /// <param name="cancellationToken">Stops the network.</param>
    /// <returns>106 points in pixels of the frame, not rounded; meaningless if there is no face in the box.</returns>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public IReadOnlyList<FacePoint> Locate(RgbImage frame, FaceBox box, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _landmarks++;
            return _landmarker.Locate(frame, box, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _detector.Dispose();
        _landmarker.Dispose();
    }
}
