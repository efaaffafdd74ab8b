namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>The extents that one input may have in one optimization profile.</summary>
/// <param name="Input">The input's name in the graph.</param>
/// <param name="Min">The least extents.</param>
/// <param name="Opt">The extents that TensorRT chooses its kernels for.</param>
/// <param name="Max">The greatest extents.</param>
public sealed record ProfileShape(string Input, IReadOnlyList<long> Min, IReadOnlyList<long> Opt, IReadOnlyList<long> Max)
{
    /// <summary>As in trtexec: <c>sample:1x13x16x32x32..2x13x16x32x32..4x13x16x32x32</c>.</summary>
    public override string ToString() => $"{Input}:{Text(Min)}..{Text(Opt)}..{Text(Max)}";

    private static string Text(IReadOnlyList<long> extents) => string.Join('x', extents);
}
