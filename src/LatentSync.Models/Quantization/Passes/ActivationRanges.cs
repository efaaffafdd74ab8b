using LatentSync.Runtime;

namespace LatentSync.Models.Quantization.Passes;

/// <summary>The largest magnitude that each value of a network is to be able to hold.</summary>
/// <param name="magnitudes">Largest magnitudes by the value's name; finite and not negative.</param>
/// <param name="source">What errors name: the statistics that they come from.</param>
internal sealed class ActivationRanges(IReadOnlyDictionary<string, float> magnitudes, string source)
{
    /// <summary>The scale with which 8-bit numbers up to <paramref name="largestCode"/> span a value's range.</summary>
    /// <param name="value">The value.</param>
    /// <param name="node">The node that asks, for the error.</param>
    /// <param name="largestCode">The largest number that the type holds.</param>
    /// <exception cref="LatentSyncException">The calibration knows nothing of the value.</exception>
    public float Scale(string value, string node, float largestCode) => magnitudes.TryGetValue(value, out float magnitude)
        // A value that was always 0 may be quantized anyhow; a scale must not be 0.
        ? magnitude > 0 ? magnitude / largestCode : 1
        : throw new LatentSyncException(LatentSyncError.Model, $"{source}: it has no range of '{value}', which '{node}' reads or makes; calibrate with the pack that is to be quantized");
}
