using System.Runtime.CompilerServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary>Extents of a tensor, <c>int64_t[LSRT_MAX_RANK]</c>.</summary>
[InlineArray(MaxRank)]
internal struct ExtentsBuffer
{
    /// <summary><c>LSRT_MAX_RANK</c>.</summary>
    internal const int MaxRank = 8;

    private long _first;

    /// <summary>The same numbers, zeros behind them.</summary>
    /// <exception cref="LatentSyncException">There are more than fit.</exception>
    internal static ExtentsBuffer From(IReadOnlyList<long> extents)
    {
        if (extents.Count > MaxRank)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"a tensor of rank {extents.Count}: TensorRT takes at most {MaxRank}");
        }

        ExtentsBuffer buffer = default;
        for (int i = 0; i < extents.Count; i++)
        {
            buffer[i] = extents[i];
        }

        return buffer;
    }

    /// <summary>The first <paramref name="rank"/> of them.</summary>
    internal readonly long[] ToArray(int rank) => ((ReadOnlySpan<long>)this)[..rank].ToArray();
}
