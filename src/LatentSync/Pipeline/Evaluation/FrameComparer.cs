using LatentSync.Kernels;
using LatentSync.Video;

namespace LatentSync.Pipeline.Evaluation;

/// <summary>Adds up the differences of frame pairs, in order. Holds one pair back for the flicker, so memory does not grow with the length.</summary>
internal sealed class FrameComparer(int width, int height, ReferenceFaces? faces) : IDisposable
{
    private readonly StructuralSimilarity _similarity = new(width, height);
    private readonly FrameErrors _frames = new();
    private readonly FrameErrors _faces = new();
    private SquaredError _mouth;
    private Flicker _flicker;
    private double _similarities;
    private long _faceCount;
    private (VideoFrame Video, VideoFrame Reference)? _previous;
    private bool _previousHasFace;

    /// <summary>Pairs added so far.</summary>
    public long Count { get; private set; }

    /// <summary>Pairs without a usable face in the reference.</summary>
    public long MissingFaces => Count - _faceCount;

    /// <summary>Adds a pair; takes both frames over.</summary>
    public void Add(VideoFrame video, VideoFrame reference, CancellationToken cancellationToken)
    {
        (VideoFrame Video, VideoFrame Reference)? before = _previous;
        _previous = (video, reference);
        try
        {
            RgbImage a = video.Image, b = reference.Image;
            SquaredError error = SquaredError.Of(a, b);
            _frames.Add(Count, error);
            _similarities += error.Sum == 0 ? 1 : _similarity.Measure(a, b);
            AddFace(a, b, before, cancellationToken);
            Count++;
        }
        finally
        {
            Release(before);
        }
    }

    /// <summary>The result so far.</summary>
    public VideoComparison Result(IReadOnlyList<string> notes) => new()
    {
        FrameCount = Count,
        Width = width,
        Height = height,
        Psnr = _frames.Total.Psnr,
        LowestPsnr = _frames.Lowest,
        LowestFrame = _frames.LowestFrame,
        Ssim = _similarities / Count,
        Face = _faceCount == 0 ? null : new FaceComparison
        {
            FrameCount = _faceCount,
            Psnr = _faces.Total.Psnr,
            LowestPsnr = _faces.Lowest,
            LowestFrame = _faces.LowestFrame,
            MouthPsnr = _mouth.Psnr,
            MouthFlicker = _flicker.Mean,
        },
        Notes = notes,
    };

    public void Dispose() => Release(_previous);

    private static void Release((VideoFrame Video, VideoFrame Reference)? pair)
    {
        pair?.Video.Dispose();
        pair?.Reference.Dispose();
    }

    private void AddFace(RgbImage video, RgbImage reference, (VideoFrame Video, VideoFrame Reference)? before, CancellationToken cancellationToken)
    {
        PixelBox? mouth = faces?.Next(reference, cancellationToken);
        if (mouth is { } box)
        {
            _faces.Add(Count, SquaredError.Of(video, reference, faces!.Mask));
            _mouth += SquaredError.Of(video, reference, box);
            if (before is { } last && _previousHasFace)
            {
                _flicker += Flicker.Of(last.Video.Image, last.Reference.Image, video, reference, box);
            }

            _faceCount++;
        }

        _previousHasFace = mouth is not null;
    }
}
