using LatentSync.Models.Onnx;
using LatentSync.Models.Rewrites;

namespace LatentSync.Models.Costs;

/// <summary>The multiply-adds, or the bytes of memory traffic, of a UNet's networks, each for one run.</summary>
/// <param name="Schedule">Of one step's row of the time table; 0 if the steps compute it.</param>
/// <param name="Chunk">Of what a chunk's steps share; 0 if each computes it.</param>
/// <param name="Step">Of a whole step.</param>
/// <param name="ShallowStep">Of a step between whole ones; 0 without step caching.</param>
public sealed record ProgramCosts(long Schedule, long Chunk, long Step, long ShallowStep)
{
    /// <summary>Counts multiply-adds.</summary>
    /// <param name="program">The networks.</param>
    /// <param name="extents">The extent of each symbol of the plain UNet's inputs: <c>batch</c>, <c>frames</c>, <c>height</c>, <c>width</c>, <c>batch_frames</c>, <c>audio_tokens</c>.</param>
    /// <exception cref="Runtime.LatentSyncException">A symbol has no extent, or shapes cannot be worked out.</exception>
    public static ProgramCosts Count(UNetProgram program, IReadOnlyDictionary<string, long> extents) =>
        Count(program, extents, static (graph, inputs) => MultiplyAdds.Count(graph, inputs).Total);

    /// <summary>Counts bytes of memory traffic instead, see <see cref="MemoryTraffic"/>.</summary>
    /// <inheritdoc cref="Count(UNetProgram, IReadOnlyDictionary{string, long})"/>
    public static ProgramCosts CountBytes(UNetProgram program, IReadOnlyDictionary<string, long> extents) => Count(program, extents, MemoryTraffic.CountBytes);

    /// <summary>A chunk's; the schedule's are the job's and left out.</summary>
    /// <param name="steps">Denoising steps.</param>
    /// <param name="cacheInterval">Every how many steps a whole one is; 1 is all.</param>
    public long ForChunk(int steps, int cacheInterval = 1)
    {
        int whole = (steps + cacheInterval - 1) / cacheInterval;
        return Chunk + (whole * Step) + ((steps - whole) * ShallowStep);
    }

    private static ProgramCosts Count(
        UNetProgram program, IReadOnlyDictionary<string, long> extents, Func<OnnxGraph, IReadOnlyDictionary<string, IReadOnlyList<long>>, long> count)
    {
        ArgumentNullException.ThrowIfNull(program);
        ProgramShapes shapes = new(extents);
        return new ProgramCosts(Of(program.Schedule), Of(program.Chunk), Of(program.Step), Of(program.ShallowStep));

        long Of(OnnxGraph? graph) => graph is null ? 0 : count(graph, shapes.Follow(graph));
    }
}
