namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>What a build gave.</summary>
/// <param name="content">The plan's bytes, to be read once; this object's.</param>
/// <param name="timingCache">The timing cache that was handed in with what this build measured.</param>
public sealed class BuiltPlan(Stream content, byte[] timingCache) : IDisposable
{
    /// <summary>The plan's bytes, to be read once.</summary>
    public Stream Content => content;

    /// <summary>The timing cache that was handed in with what this build measured.</summary>
    public byte[] TimingCache => timingCache;

    /// <inheritdoc/>
    public void Dispose() => content.Dispose();
}
