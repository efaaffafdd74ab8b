namespace LatentSync.Models.Graphs;

/// <summary>
/// What all parts of the UNet share: graph, weights, configuration, and the run-time extents as values, each computed once.
/// Inside the graph frames come before the batch, [F*B, C, H, W]: the statistics over frames are then reductions over the outermost dimension, and
/// temporal attention reads its sequences by stride.
/// </summary>
internal sealed class UNetScope(GraphAssembler graph, StateDict weights, UNetConfig config)
{
    private readonly Dictionary<string, string> _shapes = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _pictures = [];

    public GraphAssembler Graph => graph;

    public StateDict Weights => weights;

    public UNetConfig Config => config;

    /// <summary>[1]: B.</summary>
    public required string Batch { get; init; }

    /// <summary>[1]: F.</summary>
    public required string Frames { get; init; }

    /// <summary>The audio features as rows [F*B*S, D], frame-major.</summary>
    public required string Audio { get; init; }

    /// <summary>[1]: S.</summary>
    public required string AudioLength { get; init; }

    /// <summary>silu(time embedding), [1, 4*C0].</summary>
    public required string TimeEmbedding { get; init; }

    /// <summary>Keeps a value [N, C, H, W] of a level, from which its run-time H and W are read.</summary>
    public void DefineSize(int level, string value) => _pictures.Add(level, value);

    /// <summary>[2]: H and W of a level.</summary>
    public string Size(int level) => Cached($"size/{level}", name => graph.Shape(name, _pictures[level], 2));

    /// <summary>[1]: H*W of a level.</summary>
    public string Area(int level) => Cached(
        $"area/{level}",
        name => graph.Mul(name, graph.Shape(name + "/height", _pictures[level], 2, 3), graph.Shape(name + "/width", _pictures[level], 3, 4)));

    /// <summary>The shape [F, B, n, -1].</summary>
    public string FramesBatch(int n) => Cached($"shape/frames,batch,{n}", name => graph.Concat(name, 0, Frames, Batch, graph.Int64s(n, -1)));

    /// <summary>The shape [F, -1, n].</summary>
    public string FramesRest(int n) => Cached($"shape/frames,rest,{n}", name => graph.Concat(name, 0, Frames, graph.Int64s(-1, n)));

    /// <summary>The shape [-1, channels, H, W] of a level.</summary>
    public string Pictures(int channels, int level) =>
        Cached($"shape/pictures,{channels},{level}", name => graph.Concat(name, 0, graph.Int64s(-1, channels), Size(level)));

    /// <summary>The shape [F, B, channels, H, W] of a level.</summary>
    public string Clip(int channels, int level) =>
        Cached($"shape/clip,{channels},{level}", name => graph.Concat(name, 0, Frames, Batch, graph.Int64s(channels), Size(level)));

    /// <summary>The shape [-1, H*W, channels] of a level.</summary>
    public string Tokens(int channels, int level) =>
        Cached($"shape/tokens,{channels},{level}", name => graph.Concat(name, 0, graph.Int64s(-1), Area(level), graph.Int64s(channels)));

    /// <summary>The shape [-1, H*W, heads, width] of a level.</summary>
    public string Heads(int heads, int width, int level) =>
        Cached($"shape/heads,{heads},{width},{level}", name => graph.Concat(name, 0, graph.Int64s(-1), Area(level), graph.Int64s(heads, width)));

    /// <summary>The shape [-1, S, heads, width].</summary>
    public string AudioHeads(int heads, int width) =>
        Cached($"shape/audio,{heads},{width}", name => graph.Concat(name, 0, graph.Int64s(-1), AudioLength, graph.Int64s(heads, width)));

    private string Cached(string name, Func<string, string> make)
    {
        if (!_shapes.TryGetValue(name, out string? value))
        {
            value = make(name);
            _shapes.Add(name, value);
        }

        return value;
    }
}
