using LatentSync.Kernels;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Benchmarks;

/// <summary>Keeps a short job's frames as they are handed to the encoder.</summary>
internal sealed class FrameRecorder : ILipSyncObserver
{
    /// <summary>The frames, in order.</summary>
    public List<RgbImage> Frames { get; } = [];

    /// <summary>Each frame's transform to the crop; null without a face.</summary>
    public List<AffineTransform?> Transforms { get; } = [];

    public void OnLatents(long frameIndex, Tensor latents)
    {
    }

    public void OnFrame(long frameIndex, long sourceIndex, RgbImage frame, AffineTransform? transform)
    {
        Frames.Add(Copy(frame));
        Transforms.Add(transform);
    }

    /// <summary>All frames of a lossless file.</summary>
    public static List<RgbImage> Read(string path)
    {
        List<RgbImage> frames = [];
        VideoInfo info = MediaProbe.ProbeVideoAsync(path).GetAwaiter().GetResult();
        VideoReader reader = VideoReader.Open(info, new VideoReaderOptions { FrameRate = info.FrameRate });
        try
        {
            while (reader.ReadFrameAsync().AsTask().GetAwaiter().GetResult() is { } read)
            {
                using VideoFrame frame = read;
                frames.Add(Copy(frame.Image));
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        return frames;
    }

    private static RgbImage Copy(RgbImage frame) => new(frame.Width, frame.Height, frame.Span.ToArray());
}
