using LatentSync.Compositing;
using LatentSync.Kernels;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

/// <summary>A job for the doubles, and how its results are held against the CPU's.</summary>
internal static class DeviceJob
{
    /// <summary>The demo's face at half its pack's side, since the PTX is interpreted.</summary>
    public static LipSyncOptions Of(string outputPath, double seconds) => new()
    {
        VideoPath = Path.Combine(Goldens.DemoPack, "media", "presenter.mp4"),
        AudioPath = Path.Combine(Goldens.DemoPack, "media", "speech.wav"),
        OutputPath = outputPath,
        Steps = 2,
        Resolution = 64,
        Duration = TimeSpan.FromSeconds(seconds),
        UseFeatureCache = false,
    };

    /// <summary>The largest error of a latent, in standard deviations of its frame.</summary>
    public static double WorstLatent(PipelineRecorder expected, PipelineRecorder actual)
    {
        Assert.Equal(expected.Latents.Count, actual.Latents.Count);
        return expected.Latents.Zip(actual.Latents)
            .Max(pair => Tolerances.WorstInStandardDeviations(new Tensor(pair.First, pair.First.Length), new Tensor(pair.Second, pair.Second.Length)));
    }

    /// <summary>Fails unless the faces are close and everything around them is the same.</summary>
    public static void AssertFrames(PipelineRecorder expected, PipelineRecorder actual, double minimumPsnr)
    {
        Assert.Equal(expected.Frames.Count, actual.Frames.Count);
        foreach (((long Index, long Source, byte[] Pixels, AffineTransform? Transform) e, (long Index, long Source, byte[] Pixels, AffineTransform? Transform) a) in expected.Frames.Zip(actual.Frames))
        {
            Assert.Equal(e.Transform, a.Transform);
            SoftMask mask = new FaceCompositor(64).SoftMask(640, 480, e.Transform!.Value);
            double psnr = MaskedPsnr.Measure(new RgbImage(640, 480, e.Pixels), new RgbImage(640, 480, a.Pixels), mask);
            Assert.True(psnr > minimumPsnr, $"frame {e.Index}: {psnr:0.0} dB, {minimumPsnr} wanted");
            Assert.Equal(Outside(e.Pixels, mask), Outside(a.Pixels, mask));
        }
    }

    private static byte[] Outside(byte[] pixels, SoftMask mask)
    {
        byte[] outside = [.. pixels];
        PixelBox box = mask.Plan.Box;
        for (int y = 0; y < box.Height; y++)
        {
            outside.AsSpan((((box.Y + y) * 640) + box.X) * 3, box.Width * 3).Clear();
        }

        return outside;
    }
}
