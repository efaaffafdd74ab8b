using LatentSync.Pipeline;
using LatentSync.Pipeline.Avatars;

namespace LatentSync.Benchmarks;

/// <summary>
/// How long a viewer waits for the first picture of 60 s of speech on a prepared avatar, against what no order of the work can avoid: the recording decoded and its
/// first 30 s through Whisper, then one chunk through the UNet and its first face through the VAE's decoder, both as timed in the same job.
/// </summary>
internal static class LatencyBenchmark
{
    private const int Seconds = 60;

    public static MarkdownTable Run(BenchmarkContext context)
    {
        string folder = Directory.CreateTempSubdirectory("latentsync-bench-").FullName;
        try
        {
            string video = Path.Combine(BenchmarkPaths.Demo, "media", "presenter.mp4"), speech = Path.Combine(folder, "in.wav"), file = Path.Combine(folder, "a.avatar");
            LongMedia.WriteSpeech(speech, Seconds);
            using (AvatarMaker maker = AvatarMaker.LoadAsync(context.Pack).GetAwaiter().GetResult())
            {
                maker.PrepareAsync(new AvatarOptions { VideoPath = video, OutputPath = file }).GetAwaiter().GetResult();
            }

            using Avatar avatar = Avatar.OpenAsync(file).GetAwaiter().GetResult();
            MarkdownTable table = new(
                $"First frame of {Seconds} s of speech on a prepared avatar", "chunks at once", "first frame s", "first 30 s of speech s", "one chunk s", "ratio to their sum", "whole job s");
            foreach (int chunks in new[] { 0, 1 })
            {
                LipSyncReport report = JobRun.Run(context.Pack, context.Threads, Job, chunks);
                FirstFrameLatency first = report.FirstFrame;
                table.Add(
                    chunks == 0 ? "auto" : $"{chunks}",
                    $"{first.Total.TotalSeconds:0.00}",
                    $"{first.Speech.TotalSeconds:0.00}",
                    $"{first.Chunk.TotalSeconds:0.00}",
                    $"{first.Total / (first.Speech + first.Chunk):0.00}",
                    $"{report.Elapsed.TotalSeconds:0.0}");
            }

            return table;

            LipSyncOptions Job(string output) => new()
            {
                VideoPath = avatar.VideoPath,
                AudioPath = speech,
                OutputPath = output,
                Avatar = avatar,
                FrameRate = avatar.FrameRate,
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
