namespace LatentSync.Pipeline.Gpu;

/// <summary>Networks whose work could not be captured into CUDA graphs: slower, with the same results. One job's.</summary>
internal sealed class UncapturedWork
{
    private readonly List<string> _networks = [];
    private string? _reason;

    /// <summary>Whether everything that was tried was captured.</summary>
    public bool IsNone => _networks.Count == 0;

    /// <summary>One sentence with the networks and the first one's reason; null if there are none.</summary>
    public string? Warning => IsNone
        ? null
        : $"the work of {string.Join(", ", _networks)} cannot be captured into CUDA graphs and is enqueued piece by piece instead, with the same results: {_reason}";

    /// <summary>Notes a network; chunks of several lengths may each tell of it.</summary>
    /// <param name="network">Its name, for a person.</param>
    /// <param name="reason">Why.</param>
    public void Add(string network, string reason)
    {
        _reason ??= reason;
        if (!_networks.Contains(network))
        {
            _networks.Add(network);
        }
    }
}
