namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>One optimization profile: ranges of extents for every input that has dynamic ones.</summary>
/// <param name="Shapes">The inputs.</param>
public sealed record EngineProfile(IReadOnlyList<ProfileShape> Shapes)
{
    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Shapes);
}
