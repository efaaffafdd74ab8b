using LatentSync.Faces;
using LatentSync.Kernels;
using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Pipeline.Evaluation;

/// <summary>Finds, frame after frame of the reference, the pixels that a job may change and those around the mouth.</summary>
internal sealed class ReferenceFaces : IDisposable
{
    private readonly FaceAnalyzer _analyzer;
    private readonly FaceTracker _tracker;

    /// <exception cref="LatentSyncException">The pack is not one, or a network cannot be loaded.</exception>
    public ReferenceFaces(string packPath)
    {
        ModelPack pack = ModelPack.Open(packPath);
        _tracker = new FaceTracker(pack.Config.Resolution);
        _analyzer = FaceAnalyzer.Load(pack.DetectorPath, pack.LandmarksPath, new OnnxRuntimeOptions());
    }

    /// <summary>The soft mask with which a job puts a face back, of the last frame that has one.</summary>
    public SoftMask Mask { get; } = new();

    /// <summary>Looks at the next frame and updates <see cref="Mask"/>.</summary>
    /// <returns>The mouth's box, or null if the frame has no usable face.</returns>
    public PixelBox? Next(RgbImage reference, CancellationToken cancellationToken)
    {
        FaceObservation observation = _analyzer.Observe(reference, cancellationToken);
        TrackedFace face = _tracker.Next(observation);
        if (!face.HasFace)
        {
            return null;
        }

        PixelBox mouth = MouthRegion.Of(observation.Landmarks, reference.Width, reference.Height);
        Mask.Compute(reference.Width, reference.Height, _tracker.CropWidth, _tracker.CropHeight, face.FrameToCrop);
        return mouth.IsEmpty ? null : mouth;
    }

    public void Dispose() => _analyzer.Dispose();
}
