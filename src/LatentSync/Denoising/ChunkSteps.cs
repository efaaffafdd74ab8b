using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Denoising;

/// <summary>The networks prepared, and their steps captured, for chunks of one length.</summary>
/// <param name="Whole">A step of the whole network.</param>
/// <param name="Shallow">A step between whole ones; null without step caching.</param>
/// <param name="Chunk">What comes before a chunk's first step; null if nothing does.</param>
/// <param name="Executions">All executions, to be disposed.</param>
internal sealed record ChunkSteps(CapturedSequence Whole, CapturedSequence? Shallow, IDeviceExecution? Chunk, IReadOnlyList<IDeviceExecution> Executions) : IDisposable
{
    /// <summary>The sequence of a step.</summary>
    /// <param name="step">Its number, from 0.</param>
    /// <param name="cacheInterval">Every how many steps the whole network runs.</param>
    public CapturedSequence Of(int step, int cacheInterval) => step % cacheInterval == 0 ? Whole : Shallow!;

    /// <inheritdoc/>
    public void Dispose()
    {
        Whole.Dispose();
        Shallow?.Dispose();
        foreach (IDeviceExecution execution in Executions)
        {
            execution.Dispose();
        }
    }
}
