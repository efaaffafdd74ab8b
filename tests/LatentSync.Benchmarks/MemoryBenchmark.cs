namespace LatentSync.Benchmarks;

/// <summary>
/// Peak memory of the command line over 10 s, 60 s and 300 s of 1080p, synthesised from the demo presenter: it must not grow with length. Once with a video as long
/// as the speech and one step without guidance, since the number of steps changes nothing about memory; once with every shortcut, over a short video that loops.
/// </summary>
internal static class MemoryBenchmark
{
    private const double BytesPerMegabyte = 1e6;

    // The video's length is the speech's, or this.
    private const int LoopedSeconds = 10;

    private static readonly string[] s_plain = ["--steps", "1", "--guidance", "1"];

    private static readonly string[] s_shortcuts = ["--steps", "2", "--cache-interval", "2", "--detect-every", "5", "--guidance", "1.5"];

    public static MarkdownTable Run(string pack, IReadOnlyList<int> lengthsInSeconds)
    {
        string folder = Directory.CreateTempSubdirectory("latentsync-bench-").FullName;
        try
        {
            MarkdownTable table = new(
                "Peak memory against length, 1080p", "job", "speech", "our VmHWM MB", "ratio to the first", "ffmpeg children's VmHWM MB", "seconds");
            Measure(table, pack, folder, lengthsInSeconds, string.Join(' ', s_plain), s_plain, seconds => seconds);
            Measure(table, pack, folder, lengthsInSeconds, $"{string.Join(' ', s_shortcuts)}, {LoopedSeconds} s of video looped", s_shortcuts, _ => LoopedSeconds);
            return table;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(
        MarkdownTable table, string pack, string folder, IReadOnlyList<int> lengthsInSeconds, string name, string[] options, Func<int, int> videoSeconds)
    {
        long first = 0;
        foreach (int seconds in lengthsInSeconds)
        {
            string video = Path.Combine(folder, "in.mp4"), audio = Path.Combine(folder, "in.wav");
            LongMedia.WriteVideo(video, videoSeconds(seconds));
            LongMedia.WriteSpeech(audio, seconds);
            string[] arguments =
            [
                "sync", "--video", video, "--audio", audio, "--out", Path.Combine(folder, "out.mp4"), "--models", pack, "--no-cache", "--overwrite", "--json", .. options,
            ];
            (long own, long children, TimeSpan elapsed) = ChildProcess.RunWatched(CommandLine(), arguments);
            first = first == 0 ? own : first;
            table.Add(
                name, $"{seconds} s", $"{own / BytesPerMegabyte:0}", $"{(double)own / first:0.00}", $"{children / BytesPerMegabyte:0}", $"{elapsed.TotalSeconds:0}");
        }
    }

    private static string CommandLine()
    {
        string name = OperatingSystem.IsWindows() ? "latentsync.exe" : "latentsync";
        string path = Path.Combine(BenchmarkPaths.RepositoryRoot, "src", "LatentSync.Cli", "bin", "Release", "net10.0", name);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing; run './build.sh build' first");
    }
}
