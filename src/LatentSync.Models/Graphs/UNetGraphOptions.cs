namespace LatentSync.Models.Graphs;

/// <summary>What to build besides the plain UNet.</summary>
public sealed record UNetGraphOptions
{
    /// <summary>
    /// Modules whose outputs become further outputs of the graph, by the checkpoint's names (<c>conv_in</c>, <c>time_embedding</c>,
    /// <c>down_blocks.0</c>, <c>down_blocks.0.resnets.0</c>, <c>up_blocks.3.motion_modules.1</c>): named <c>block.MODULE</c>, shape <c>[B,C,F,h,w]</c>, the time
    /// embedding <c>[B,4*C0]</c>. For comparing and calibrating; none by default.
    /// </summary>
    public IReadOnlyList<string> ExtraOutputs { get; init; } = [];
}
