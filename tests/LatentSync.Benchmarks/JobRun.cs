using LatentSync.Pipeline;

namespace LatentSync.Benchmarks;

/// <summary>Runs jobs without the caches that a second run would profit from.</summary>
internal static class JobRun
{
    /// <summary>Runs one job; the output is gone when it returns unless the options name a lasting path.</summary>
    /// <param name="pack">The model pack.</param>
    /// <param name="threads">Threads for the networks.</param>
    /// <param name="options">The job for an output's path.</param>
    /// <param name="chunksAtOnce">Chunks that are denoised at the same time; 0 as the engine chooses.</param>
    public static LipSyncReport Run(string pack, int threads, Func<string, LipSyncOptions> options, int chunksAtOnce = 0)
    {
        string folder = Directory.CreateTempSubdirectory("latentsync-bench-").FullName;
        try
        {
            LipSyncOptions job = options(Path.Combine(folder, "out.mp4")) with { UseFeatureCache = false };
            using LipSyncPipeline pipeline = LipSyncPipeline.Load(pack, new LipSyncEngineOptions { Threads = threads, ChunksAtOnce = chunksAtOnce, FirstJob = job });
            return pipeline.RunAsync(job).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
