namespace LatentSync.Pipeline.Gpu;

/// <summary>Prepared networks that no job uses now, those that were used last. Serves one job at a time.</summary>
/// <param name="trim">Gives the memory of dropped ones back to the driver, for TensorRT's own allocations and other processes do not come from the pool.</param>
internal sealed class PreparedNetworksCache(Action trim) : IDisposable
{
    // Two kinds of jobs in turn, a preview and the real one, find theirs; each kept one holds the network's scratch memory.
    private const int MostIdle = 2;

    // The one used longest ago first.
    private readonly List<PreparedNetworks> _idle = [];

    /// <summary>Gives those of some shapes, which are the caller's until they are returned.</summary>
    public PreparedNetworks Take(PreparedShapes shapes, Func<PreparedNetworks> create)
    {
        if (_idle.Find(prepared => prepared.Shapes == shapes) is not { } found)
        {
            return create();
        }

        _idle.Remove(found);
        return found;
    }

    /// <summary>Takes back what a job is done with; nothing of it may be under way.</summary>
    public void Return(PreparedNetworks prepared)
    {
        if (!prepared.IsWorthKeeping)
        {
            prepared.Dispose();
            return;
        }

        _idle.Add(prepared);
        if (_idle.Count > MostIdle)
        {
            _idle[0].Dispose();
            _idle.RemoveAt(0);
        }
    }

    /// <summary>Frees all that no job uses: what is kept must not be the reason why a job finds no memory.</summary>
    /// <returns>Whether there was any.</returns>
    public bool DropIdle()
    {
        if (_idle.Count == 0)
        {
            return false;
        }

        Dispose();
        trim();
        return true;
    }

    public void Dispose()
    {
        _idle.ForEach(prepared => prepared.Dispose());
        _idle.Clear();
    }
}
