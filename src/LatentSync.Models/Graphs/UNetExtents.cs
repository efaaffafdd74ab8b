namespace LatentSync.Models.Graphs;

/// <summary>The sizes that a UNet's inputs leave open.</summary>
/// <param name="Batch">B, items of the batch.</param>
/// <param name="Frames">F.</param>
/// <param name="Height">h of a latent plane.</param>
/// <param name="Width">w of a latent plane.</param>
/// <param name="AudioTokens">S, rows of a frame's audio window.</param>
public sealed record UNetExtents(long Batch, long Frames, long Height, long Width, long AudioTokens)
{
    /// <summary>The extent of each symbol that <see cref="UNetGraphBuilder"/> gives the inputs.</summary>
    public IReadOnlyDictionary<string, long> Symbols => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["batch"] = Batch,
        ["frames"] = Frames,
        ["height"] = Height,
        ["width"] = Width,
        ["batch_frames"] = Batch * Frames,
        ["audio_tokens"] = AudioTokens,
    };
}
