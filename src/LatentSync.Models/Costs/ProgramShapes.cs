using LatentSync.Models.Onnx;
using LatentSync.Models.Rewrites;

namespace LatentSync.Models.Costs;

/// <summary>The shapes of what goes from one of a UNet's networks into the next.</summary>
/// <param name="extents">The extent of each symbol of the plain UNet's inputs.</param>
public sealed class ProgramShapes(IReadOnlyDictionary<string, long> extents)
{
    private readonly Dictionary<string, IReadOnlyList<long>> _known = new(StringComparer.Ordinal);

    /// <summary>The shapes of every input and output of a program's networks, by name.</summary>
    /// <param name="program">The networks.</param>
    /// <param name="extents">The extent of each symbol of the plain UNet's inputs.</param>
    /// <exception cref="Runtime.LatentSyncException">A symbol has no extent, or shapes cannot be worked out.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> Of(UNetProgram program, IReadOnlyDictionary<string, long> extents)
    {
        ArgumentNullException.ThrowIfNull(program);
        ProgramShapes shapes = new(extents);
        Dictionary<string, IReadOnlyList<long>> all = new(StringComparer.Ordinal);
        foreach ((_, OnnxGraph graph) in program.Parts)
        {
            foreach ((string input, IReadOnlyList<long> shape) in shapes.Follow(graph))
            {
                all[input] = shape;
            }
        }

        foreach ((string output, IReadOnlyList<long> shape) in shapes._known)
        {
            all[output] = shape;
        }

        return all;
    }

    /// <summary>The shapes of a network's inputs; those of its outputs are kept for the networks after it.</summary>
    /// <param name="graph">The next network.</param>
    /// <exception cref="Runtime.LatentSyncException">A symbol has no extent, or shapes cannot be worked out.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Follow(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        OnnxValueInfo[] given = [.. graph.Inputs.Where(input => !_known.ContainsKey(input.Name))];
        Dictionary<string, IReadOnlyList<long>> inputs = new(GraphShapes.Inputs(graph with { Inputs = given }, extents), StringComparer.Ordinal);
        foreach (OnnxValueInfo input in graph.Inputs.Except(given))
        {
            inputs.Add(input.Name, _known[input.Name]);
        }

        IReadOnlyDictionary<string, IReadOnlyList<long>> all = GraphShapes.Infer(graph, inputs);
        foreach (OnnxValueInfo output in graph.Outputs)
        {
            _known[output.Name] = all[output.Name];
        }

        return inputs;
    }
}
