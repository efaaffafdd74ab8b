namespace LatentSync.Benchmarks;

/// <summary>
/// Peak memory of the command line over 10 s, 60 s and 300 s of 1080p, synthesised from the demo presenter: it must not grow with length.
/// One step without guidance, since the number of steps changes nothing about memory.
/// </summary>
internal static class MemoryBenchmark
{
    private const double BytesPerMegabyte = 1e6;

    public static MarkdownTable Run(string pack, IReadOnlyList<int> lengthsInSeconds)
    {
        string folder = Directory.CreateTempSubdirectory("latentsync-bench-").FullName;
        try
        {
            MarkdownTable table = new(
                "Peak memory against length, 1080p, --steps 1 --guidance 1", "input", "our VmHWM MB", "ratio to the first", "ffmpeg children's VmHWM MB", "seconds");
            long first = 0;
            foreach (int seconds in lengthsInSeconds)
            {
                string video = Path.Combine(folder, "in.mp4"), audio = Path.Combine(folder, "in.wav");
                LongMedia.WriteVideo(video, seconds);
                LongMedia.WriteSpeech(audio, seconds);
                (long own, long children, TimeSpan elapsed) = ChildProcess.RunWatched(
                    CommandLine(), "sync", "--video", video, "--audio", audio, "--out", Path.Combine(folder, "out.mp4"), "--models", pack,
                    "--steps", "1", "--guidance", "1", "--no-cache", "--overwrite", "--json");
                first = first == 0 ? own : first;
                table.Add(
                    $"{seconds} s", $"{own / BytesPerMegabyte:0}", $"{(double)own / first:0.00}", $"{children / BytesPerMegabyte:0}", $"{elapsed.TotalSeconds:0}");
            }

            return table;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string CommandLine()
    {
        string name = OperatingSystem.IsWindows() ? "latentsync.exe" : "latentsync";
        string path = Path.Combine(BenchmarkPaths.RepositoryRoot, "src", "LatentSync.Cli", "bin", "Release", "net10.0", name);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing; run './build.sh build' first");
    }
}
