using LatentSync.Models.Quantization.Passes;
using LatentSync.Models.Quantization.Recipes;

namespace LatentSync.Models.Quantization.Calibration;

/// <summary>What was seen of one network's values. Not safe for several threads.</summary>
public sealed class NetworkStatistics
{
    private readonly Dictionary<string, MagnitudeHistogram> _values = new(StringComparer.Ordinal);

    /// <summary>Statistics of nothing yet.</summary>
    /// <param name="fingerprint">SHA-256 over the network's files, as <see cref="Packs.PackComponent.ComputeFingerprint"/> gives it.</param>
    public NetworkStatistics(string fingerprint)
    {
        ArgumentException.ThrowIfNullOrEmpty(fingerprint);
        Fingerprint = fingerprint;
    }

    /// <summary>Which network they are of.</summary>
    public string Fingerprint { get; }

    /// <summary>Runs of the network that went into them.</summary>
    public int RunCount { get; internal set; }

    /// <summary>Names of the values.</summary>
    public IReadOnlyCollection<string> Values => _values.Keys;

    internal IReadOnlyDictionary<string, MagnitudeHistogram> Histograms => _values;

    /// <summary>The largest magnitude seen of a value; null if it was not looked at.</summary>
    /// <param name="value">The value's name in the graph.</param>
    public float? LargestOf(string value) => _values.TryGetValue(value, out MagnitudeHistogram? histogram) ? histogram.Largest : null;

    /// <summary>Adds what another run saw.</summary>
    /// <param name="other">Statistics of the same network.</param>
    /// <exception cref="ArgumentException">They are of another network.</exception>
    public void Add(NetworkStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Fingerprint != Fingerprint)
        {
            throw new ArgumentException("statistics of another network", nameof(other));
        }

        foreach ((string value, MagnitudeHistogram histogram) in other._values)
        {
            Of(value).Add(histogram);
        }

        RunCount += other.RunCount;
    }

    internal MagnitudeHistogram Of(string value)
    {
        if (!_values.TryGetValue(value, out MagnitudeHistogram? histogram))
        {
            histogram = new MagnitudeHistogram();
            _values.Add(value, histogram);
        }

        return histogram;
    }

    internal void Restore(string value, MagnitudeHistogram histogram) => _values.Add(value, histogram);

    /// <summary>Largest magnitudes of all values.</summary>
    internal IReadOnlyDictionary<string, float> Magnitudes() => _values.ToDictionary(entry => entry.Key, entry => entry.Value.Largest, StringComparer.Ordinal);

    /// <summary>Ranges as a recipe wants them.</summary>
    /// <param name="recipe">What is wanted of the network.</param>
    /// <param name="source">What errors name: the statistics' file.</param>
    internal ActivationRanges Ranges(NetworkRecipe recipe, string source) => new(
        _values.ToDictionary(entry => entry.Key, entry => recipe.Range == RangeMethod.Max ? entry.Value.Largest : entry.Value.Percentile(recipe.Percentile), StringComparer.Ordinal),
        source);
}
