using LatentSync.Models.Costs;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Pipeline;

/// <summary>
/// Optimization profiles of the networks of a UNet's program. What goes from one into the next has extents that only the graphs know: they are worked out at the
/// least, the usual and the largest batch and number of frames, with which every extent grows.
/// </summary>
internal sealed class ProgramProfiles
{
    private readonly List<(Shapes Min, Shapes Opt, Shapes Max)> _ranges;

    /// <param name="program">The networks.</param>
    /// <param name="chunks">Chunks at once.</param>
    /// <param name="extents">The pack's.</param>
    /// <exception cref="Runtime.LatentSyncException">A shape cannot be worked out.</exception>
    public ProgramProfiles(UNetProgram program, ExtentRange chunks, PackExtents extents)
    {
        chunks.Check("chunks at once");
        _ranges =
        [
            .. EngineProfiles.DenoiserRanges(chunks, extents.Frames, program.SharesGuidance ? 1 : 2).Select(range =>
                (At(range.Batch.Min, range.Frames.Min), At(range.Batch.Opt, range.Frames.Opt), At(range.Batch.Max, range.Frames.Max))),
        ];

        Shapes At(int batch, int frames) => new(ProgramShapes.Of(program, new UNetExtents(batch, frames, extents.LatentSide, extents.LatentSide, extents.AudioTokens).Symbols));
    }

    /// <summary>The profiles of one of the networks; none if all its inputs are fixed.</summary>
    public IReadOnlyList<EngineProfile> Of(OnnxGraph graph)
    {
        OnnxValueInfo[] inputs = [.. graph.Inputs.Where(input => input.Shape.Any(extent => extent.Symbol is not null))];
        return inputs.Length == 0
            ? []
            : [.. _ranges.Select(range => new EngineProfile([.. inputs.Select(input => new ProfileShape(input.Name, range.Min[input], range.Opt[input], range.Max[input]))]))];
    }

    private sealed record Shapes(IReadOnlyDictionary<string, IReadOnlyList<long>> ByName)
    {
        public IReadOnlyList<long> this[OnnxValueInfo input] => ByName[input.Name];
    }
}
