using LatentSync.Models.Packs;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Pipeline;

/// <summary>
/// How the CPU's cores are shared out: some denoisers, each with chunks and threads of its own. VAE, face networks and put-back take one thread each, which
/// never spins, and run in the time that the denoisers leave. The plan follows from the machine alone and never from a clock: with other threads sums may be
/// rounded otherwise, and the same job must give the same bits.
/// </summary>
/// <param name="Denoisers">Chunks that are denoised at the same time.</param>
/// <param name="ThreadsEach">Threads of each.</param>
internal readonly record struct DenoiserPlan(int Denoisers, int ThreadsEach)
{
    // A core is best used by a chunk of its own: with two threads in one chunk, each operator's end is a place where one waits for the other. More than two at
    // once were not measured, and each takes the UNet's activations again.
    private const int MostDenoisers = 2;

    // The rest is for everything else.
    private const double MemoryShare = 0.75;

    // ONNX Runtime keeps weights as they are and in its kernels' own order.
    private const int WeightCopies = 2;

    /// <summary>The plan for a machine.</summary>
    /// <param name="options">Threads, and the number of denoisers if that is given.</param>
    /// <param name="pack">The networks.</param>
    public static DenoiserPlan For(LipSyncEngineOptions options, ModelPack pack)
    {
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        if (options.OnnxProvider != OnnxExecutionProvider.Cpu)
        {
            return new DenoiserPlan(1, options.Threads);
        }

        int denoisers = options.ChunksAtOnce > 0 ? options.ChunksAtOnce : Math.Min(threads, Fitting(options, pack));
        return new DenoiserPlan(denoisers, Math.Max(1, threads / denoisers));
    }

    // Chunks whose activations find room beside the weights.
    private static int Fitting(LipSyncEngineOptions options, ModelPack pack)
    {
        long weights = pack.Component(PackComponentName.UNet).Files.Sum(file => file.SizeInBytes);
        long room = (long)(MemoryShare * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) - (WeightCopies * weights);
        return (int)Math.Clamp(room / ActivationsInBytes(pack, options.Resolution ?? pack.Config.Resolution), 1, MostDenoisers);
    }

    // About the most: attention among the latents of a frame at the finest level, for both halves of guidance; its scores, their softmax and as much for the rest.
    private static long ActivationsInBytes(ModelPack pack, int resolution)
    {
        const int latentScale = 8, copies = 3, halves = 2;
        long tokens = (long)(resolution / latentScale) * (resolution / latentScale);
        return copies * halves * pack.Config.NumFrames * pack.Config.Model.AttentionHeads[0] * tokens * tokens * sizeof(float);
    }
}
