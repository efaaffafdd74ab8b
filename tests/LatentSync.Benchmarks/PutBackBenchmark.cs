using System.Diagnostics;
using LatentSync.Compositing;
using LatentSync.Kernels;
using LatentSync.Latents;

namespace LatentSync.Benchmarks;

/// <summary>Align and put-back of a face about 400 px wide in a 1080p frame, against a plain scalar version of the same work in the same run.</summary>
public static class PutBackBenchmark
{
    private const int Resolution = 256;
    private const int FrameWidth = 1920;
    private const int FrameHeight = 1080;

    /// <summary>Crop pixels per frame pixel: the 210 px crop covers 400 px of the frame.</summary>
    private const double Scale = 210.0 / 400;

    /// <summary>One measured line.</summary>
    /// <param name="Name">What was measured.</param>
    /// <param name="FramesPerSecond">Frames in a second, best of the rounds.</param>
    /// <param name="Ratio">How many times as fast as the scalar version.</param>
    public sealed record Row(string Name, double FramesPerSecond, double Ratio);

    /// <summary>Runs the benchmark.</summary>
    /// <param name="threads">Frames at work at once.</param>
    /// <param name="frames">Frames in a round of the vector code.</param>
    public static IReadOnlyList<Row> Run(int threads = 2, int frames = 60)
    {
        AffineTransform transform = Transform(degrees: 7);
        FaceCropper cropper = new(Resolution);
        FaceCompositor compositor = new(Resolution);
        float[] synced = [.. Enumerable.Range(0, 3 * Resolution * Resolution).Select(i => MathF.Sin(i * 0.01f))];
        RgbImage[] pictures = [.. Enumerable.Range(0, threads).Select(_ => new RgbImage(FrameWidth, FrameHeight))];
        RgbImage[] faces = [.. pictures.Select(_ => new RgbImage(Resolution, Resolution))];
        foreach (RgbImage picture in pictures)
        {
            new Random(1).NextBytes(picture.Span);
        }

        double scalar = Measure(1, 2, _ =>
        {
            ScalarPutBack.Align(pictures[0], transform, faces[0]);
            ScalarPutBack.Composite(pictures[0], transform, synced, Resolution);
        });
        double align = Measure(1, frames, worker => cropper.Crop(pictures[worker], transform, faces[worker]));
        double putBack = Measure(1, frames, worker => compositor.Composite(pictures[worker], transform, synced));
        double both = Measure(1, frames, Both), parallel = Measure(threads, frames, Both);
        return
        [
            new("align + put-back, scalar, 1 thread", scalar, 1),
            new("align, 1 thread", align, align / scalar),
            new("put-back, 1 thread", putBack, putBack / scalar),
            new("align + put-back, 1 thread", both, both / scalar),
            new($"align + put-back, {threads} threads", parallel, parallel / scalar),
        ];

        void Both(int worker)
        {
            cropper.Crop(pictures[worker], transform, faces[worker]);
            compositor.Composite(pictures[worker], transform, synced);
        }
    }

    private static double Measure(int threads, int frames, Action<int> work)
    {
        double best = 0;
        for (int round = 0; round < 4; round++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, worker =>
            {
                for (int i = worker; i < frames; i += threads)
                {
                    work(worker);
                }
            });
            best = Math.Max(best, frames / watch.Elapsed.TotalSeconds);
        }

        return best;
    }

    private static AffineTransform Transform(double degrees)
    {
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        (double a, double b) = (Scale * cosine, Scale * sine);
        return new AffineTransform(a, -b, 105 - (a * 960) + (b * 540), b, a, 140 - (b * 960) - (a * 540));
    }
}
