using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Denoising;

/// <summary>
/// The networks prepared, and their steps captured, for each length of chunk: whole chunks for good, of the short ones those that were used last. A video with
/// many gaps has chunks of every length, and each preparation holds memory of the network's own.
/// </summary>
/// <param name="stream">Where the steps run.</param>
/// <param name="wholeFrames">Frames of a whole chunk.</param>
/// <param name="prepare">Prepares a length.</param>
internal sealed class StepSequences(CudaStream stream, int wholeFrames, Func<int, ChunkSteps> prepare) : IDisposable
{
    /// <summary>Short lengths that are kept: a job's last chunk has one, and those between two gaps some more.</summary>
    public const int MostShort = 4;

    // The one used longest ago first.
    private readonly List<Prepared> _short = [];
    private Prepared? _whole;

    /// <summary>The steps of a length; prepared unless they are kept.</summary>
    /// <param name="frames">The length, 1 to that of a whole chunk.</param>
    /// <exception cref="LatentSyncException">The network does not take the length, or there is not enough memory.</exception>
    public ChunkSteps Of(int frames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, wholeFrames);
        if (frames == wholeFrames)
        {
            return (_whole ??= Prepare(frames)).Steps;
        }

        Prepared? found = _short.Find(prepared => prepared.Frames == frames);
        if (found is null)
        {
            MakeRoom();
            found = Prepare(frames);
        }
        else
        {
            _short.Remove(found);
        }

        _short.Add(found);
        return found.Steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _short.ForEach(prepared => prepared.Dispose());
        _short.Clear();
        _whole?.Dispose();
        _whole = null;
    }

    private void MakeRoom()
    {
        if (_short.Count == MostShort)
        {
            // Steps of it may be under way.
            stream.Synchronize();
            _short[0].Dispose();
            _short.RemoveAt(0);
        }
    }

    private Prepared Prepare(int frames) => new(frames, prepare(frames));

    private sealed record Prepared(int Frames, ChunkSteps Steps) : IDisposable
    {
        public void Dispose() => Steps.Dispose();
    }
}
