using LatentSync.Kernels;

namespace LatentSync.Faces;

/// <summary>Turns the observations of consecutive frames, in order, into a track. A frame without a face ends the smoothing: what follows starts anew.</summary>
public sealed class FaceTracker
{
    private readonly FaceAligner _aligner;

    /// <summary>Starts a track.</summary>
    /// <param name="resolution">Width and height of the aligned face in pixels.</param>
    public FaceTracker(int resolution) => _aligner = new FaceAligner(resolution);

    /// <summary>Width of the crop that the transforms lead to, in pixels.</summary>
    public int CropWidth => _aligner.CropWidth;

    /// <summary>Height of the crop that the transforms lead to, in pixels.</summary>
    public int CropHeight => _aligner.CropHeight;

    /// <summary>Takes the next frame's observation.</summary>
    /// <param name="observation">What the frame shows.</param>
    public TrackedFace Next(FaceObservation observation)
    {
        AffineTransform? transform = observation.HasFace ? _aligner.Align(AlignmentPoints.FromLandmarks(observation.Landmarks)) : null;
        if (transform is { } frameToCrop)
        {
            return new TrackedFace(FaceAbsence.None, observation.Box, frameToCrop);
        }

        _aligner.Reset();
        return new TrackedFace(observation.HasFace ? FaceAbsence.NotAlignable : observation.Absence, observation.Box, default);
    }
}
