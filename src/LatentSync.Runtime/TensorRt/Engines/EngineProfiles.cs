namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>
/// Optimization profiles of the networks, from their tensor contracts: the meaning of an extent follows from a tensor's rank, its name is the contract's.
/// Extents that a graph fixes stay as they are.
/// </summary>
public static class EngineProfiles
{
    /// <summary>
    /// The denoiser's two profiles, for inputs <c>[B,C,F,h,w]</c> and <c>[B*F,S,D]</c>. First, chunks of exactly <paramref name="frames"/> frames, several at once.
    /// Second, for the last chunk of a job, one chunk of 1 to that many frames, never padded: F takes part in group norm and temporal attention. Classifier-free
    /// guidance runs a chunk twice at once, so B is 1 to 2 for each chunk.
    /// </summary>
    /// <param name="inputs">The network's inputs.</param>
    /// <param name="chunks">Chunks at once.</param>
    /// <param name="frames">F of a whole chunk.</param>
    /// <param name="side">h and w, in latents.</param>
    /// <param name="audioTokens">S.</param>
    /// <exception cref="LatentSyncException">A number is out of range, or an input with dynamic extents is neither of the two kinds.</exception>
    public static IReadOnlyList<EngineProfile> Denoiser(IReadOnlyList<TensorContract> inputs, ExtentRange chunks, int frames, int side, int audioTokens)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        chunks.Check("chunks at once");
        ExtentRange.Exactly(frames).Check("frames of a chunk");
        return [.. DenoiserRanges(chunks, frames, itemsPerChunk: 2).Select(range => Profile(range.Batch, range.Frames))];

        EngineProfile Profile(ExtentRange batch, ExtentRange count) => Of(inputs, shape => shape.Count switch
        {
            5 => [batch, null, count, ExtentRange.Exactly(side), ExtentRange.Exactly(side)],
            3 => [new(batch.Min * count.Min, batch.Opt * count.Opt, batch.Max * count.Max), ExtentRange.Exactly(audioTokens), null],
            _ => null,
        });
    }

    /// <summary>What <see cref="Denoiser"/>'s profiles range over, for networks whose other extents follow from these two.</summary>
    /// <param name="chunks">Chunks at once.</param>
    /// <param name="frames">F of a whole chunk.</param>
    /// <param name="itemsPerChunk">Items of the batch for a chunk with guidance: 2, or 1 where guidance is inside the network; a chunk without takes one.</param>
    public static IReadOnlyList<(ExtentRange Batch, ExtentRange Frames)> DenoiserRanges(ExtentRange chunks, int frames, int itemsPerChunk)
    {
        (ExtentRange, ExtentRange) whole = (new(chunks.Min, itemsPerChunk * chunks.Opt, itemsPerChunk * chunks.Max), ExtentRange.Exactly(frames));
        return frames == 1 ? [whole] : [whole, (new(1, itemsPerChunk, itemsPerChunk), new(1, Math.Max(1, frames / 2), frames))];
    }

    /// <summary>The one profile of a network over pictures or latents, <c>[N,C,H,W]</c>.</summary>
    /// <param name="inputs">The network's inputs.</param>
    /// <param name="batch">N.</param>
    /// <param name="side">H and W.</param>
    /// <exception cref="LatentSyncException">A number is out of range, or an input with dynamic extents is of another kind.</exception>
    public static IReadOnlyList<EngineProfile> Pictures(IReadOnlyList<TensorContract> inputs, ExtentRange batch, int side)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        batch.Check("pictures at once");
        return [Of(inputs, shape => shape.Count == 4 ? [batch, null, ExtentRange.Exactly(side), ExtentRange.Exactly(side)] : null)];
    }

    private static EngineProfile Of(IReadOnlyList<TensorContract> inputs, Func<IReadOnlyList<long>, ExtentRange?[]?> ranges)
    {
        List<ProfileShape> shapes = [];
        foreach (TensorContract input in inputs.Where(input => input.Shape.Any(extent => extent < 0)))
        {
            ExtentRange?[]? range = ranges(input.Shape);
            if (range is null || input.Shape.Where((extent, axis) => extent < 0 && range[axis] is null).Any())
            {
                throw new LatentSyncException(
                    LatentSyncError.Model, $"the input '{input.Name}' [{string.Join(',', input.Shape)}] has dynamic extents of unknown meaning; import the checkpoints again with this version");
            }

            long[] Extents(Func<ExtentRange, int> of) => [.. input.Shape.Select((extent, axis) => extent < 0 ? of(range[axis]!.Value) : extent)];
            shapes.Add(new ProfileShape(input.Name, Extents(r => r.Min), Extents(r => r.Opt), Extents(r => r.Max)));
        }

        return new EngineProfile(shapes);
    }
}
