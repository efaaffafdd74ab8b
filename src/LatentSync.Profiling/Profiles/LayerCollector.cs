using LatentSync.Profiling.Layers;

namespace LatentSync.Profiling.Profiles;

/// <summary>Adds up the sessions' profiles of several runs of a job, by network and layer.</summary>
internal sealed class LayerCollector
{
    private readonly Dictionary<(string Network, string Name), Sum> _layers = [];
    private readonly Dictionary<string, NetworkSum> _networks = [];
    private int _run = -1;

    /// <summary>What follows belongs to the next run.</summary>
    public void BeginRun() => _run++;

    /// <summary>Adds a session's profile; a network may have several.</summary>
    public void Add(OnnxProfile profile)
    {
        if (!_networks.TryGetValue(profile.Network, out NetworkSum? network))
        {
            _networks.Add(profile.Network, network = new NetworkSum());
        }

        network.Calls += _run == 0 ? profile.Runs.Count : 0;
        network.Runs.Add(_run, profile.Runs.Sum(run => run.TotalSeconds));
        foreach (LayerRun layer in profile.Layers)
        {
            if (!_layers.TryGetValue((profile.Network, layer.Name), out Sum? sum))
            {
                _layers.Add((profile.Network, layer.Name), sum = new Sum(layer.Operator));
            }

            sum.Calls += _run == 0 ? 1 : 0;
            sum.Seconds.Add(_run, layer.Duration.TotalSeconds);
            network.Layers.Add(_run, layer.Duration.TotalSeconds);
        }
    }

    /// <summary>The networks, those that took longest first.</summary>
    public NetworkTimes[] Networks() =>
    [
        .. _networks.OrderByDescending(entry => entry.Value.Layers.Total)
            .Select(entry => new NetworkTimes(entry.Key, entry.Value.Calls, entry.Value.Runs.Values(_run + 1), entry.Value.Layers.Values(_run + 1))),
    ];

    /// <summary>The layers, those that took longest first.</summary>
    public LayerTimes[] Layers() =>
    [
        .. _layers.OrderByDescending(entry => entry.Value.Seconds.Total)
            .Select(entry => new LayerTimes(entry.Key.Network, entry.Key.Name, entry.Value.Operator, entry.Value.Calls, entry.Value.Seconds.Values(_run + 1))),
    ];

    private sealed class Sum(string operatorType)
    {
        public string Operator => operatorType;

        public int Calls { get; set; }

        public PerRun Seconds { get; } = new();
    }

    private sealed class NetworkSum
    {
        public int Calls { get; set; }

        public PerRun Runs { get; } = new();

        public PerRun Layers { get; } = new();
    }

    private sealed class PerRun
    {
        private readonly List<double> _values = [];

        public double Total => _values.Sum();

        public void Add(int run, double seconds)
        {
            while (_values.Count <= run)
            {
                _values.Add(0);
            }

            _values[run] += seconds;
        }

        public double[] Values(int runs) => [.. _values, .. Enumerable.Repeat(0.0, runs - _values.Count)];
    }
}
