using LatentSync.Pipeline;

namespace LatentSync.Benchmarks;

/// <summary>Runs jobs without the caches that a second run would profit from.</summary>
internal static class JobRun
{
    /// <summary>Runs one job; the output is gone when it returns unless the options name a lasting path.</summary>
    public static LipSyncReport Run(string pack, int threads, Func<string, LipSyncOptions> options)
    {
        string folder = Directory.CreateTempSubdirectory("latentsync-bench-").FullName;
        try
        {
            LipSyncOptions job = options(Path.Combine(folder, "out.mp4")) with { UseFeatureCache = false };
            using LipSyncPipeline pipeline = LipSyncPipeline.Load(pack, new LipSyncEngineOptions { Threads = threads, FirstJob = job });
            return pipeline.RunAsync(job).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
