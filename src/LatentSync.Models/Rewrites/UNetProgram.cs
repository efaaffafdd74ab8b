using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Rewrites;

/// <summary>
/// A UNet as the networks that one job runs: <see cref="Schedule"/> once for each step before the first chunk, <see cref="Chunk"/> once a chunk, and in
/// every step <see cref="Step"/>, or between whole steps <see cref="ShallowStep"/>. What one gives goes into the next under the same name.
/// </summary>
public sealed record UNetProgram
{
    private UNetProgram()
    {
    }

    /// <summary>From <c>timestep</c> <c>[1]</c> to <c>time_table</c> <c>[1,N]</c>; null if the steps take the timestep.</summary>
    public OnnxGraph? Schedule { get; private init; }

    /// <summary>From <c>conditioning</c> and <c>encoder_hidden_states</c> to constants of the steps; null if the steps take those.</summary>
    public OnnxGraph? Chunk { get; private init; }

    /// <summary>The whole network's step; with step caching its second output is <c>deep_features</c>.</summary>
    public required OnnxGraph Step { get; init; }

    /// <summary>The step that takes <c>deep_features</c>; null without step caching.</summary>
    public OnnxGraph? ShallowStep { get; private init; }

    /// <summary>
    /// Whether guidance is part of the network: B chunks go in with their speech alone, and the predictions for silence and for the speech come out as
    /// <c>[2B,C,F,h,w]</c>. Else a guided caller gives both halves itself, the silent one first.
    /// </summary>
    public bool SharesGuidance { get; private init; }

    /// <summary>The networks that are there, in the order in which they run.</summary>
    public IEnumerable<(UNetPart Part, OnnxGraph Graph)> Parts
    {
        get
        {
            foreach ((UNetPart part, OnnxGraph? graph) in new[] { (UNetPart.Schedule, Schedule), (UNetPart.Chunk, Chunk), (UNetPart.Step, Step), (UNetPart.ShallowStep, ShallowStep) })
            {
                if (graph is not null)
                {
                    yield return (part, graph);
                }
            }
        }
    }

    /// <summary>Builds the networks; only descriptions are made, weights stay where they are.</summary>
    /// <param name="graph">The UNet as a pack holds it.</param>
    /// <param name="options">How it is to be run.</param>
    /// <exception cref="LatentSyncException">The graph is not built as a rewrite needs it, or has no such cache branch.</exception>
    public static UNetProgram Build(OnnxGraph graph, UNetProgramOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return Rewrite(graph, options);
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or InvalidOperationException or KeyNotFoundException)
        {
            // A file may come from anywhere: nodes without outputs, constants without extents, names that stand twice.
            throw new LatentSyncException(
                LatentSyncError.Model, $"the network '{graph.Name}' cannot be rewritten ({exception.Message.ReplaceLineEndings(" ")}); import the checkpoints again with this version", exception);
        }
    }

    private static UNetProgram Rewrite(OnnxGraph graph, UNetProgramOptions options)
    {
        bool sharesGuidance = options.Guided && options.Rewrites.HasFlag(UNetRewrites.GuidanceSharing);
        if (sharesGuidance)
        {
            graph = new GuidanceSharing().Apply(graph);
        }

        if (options.Rewrites.HasFlag(UNetRewrites.PhaseUpsampling) && options.DoublesExactly)
        {
            graph = new PhaseUpsampling().Apply(graph);
        }

        if (options.Rewrites.HasFlag(UNetRewrites.ConvInSplit))
        {
            graph = new ConvInSplit().Apply(graph);
        }

        OnnxGraph[] steps = options.CacheBranch is { } branch ? [DeepCacheCut.Full(graph, branch), DeepCacheCut.Shallow(graph, branch)] : [graph];
        SplitGraphs split = new RateSplit(options.Rewrites.HasFlag(UNetRewrites.TimeTable), options.Rewrites.HasFlag(UNetRewrites.ChunkConstants)).Split(steps);
        return new UNetProgram
        {
            Schedule = split.Schedule,
            Chunk = split.Chunk,
            Step = split.Steps[0],
            ShallowStep = split.Steps.Count > 1 ? split.Steps[1] : null,
            SharesGuidance = sharesGuidance,
        };
    }
}
