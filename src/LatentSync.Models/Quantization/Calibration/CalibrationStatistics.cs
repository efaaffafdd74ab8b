using LatentSync.Models.Packs;
using LatentSync.Runtime;

namespace LatentSync.Models.Quantization.Calibration;

/// <summary>What a calibration saw of a pack's networks.</summary>
/// <param name="Networks">By the network's name in the pack.</param>
/// <param name="Clips">SHA-256 of each clip that was run, with the settings of its job, so that a calibration can be continued.</param>
/// <param name="Source">What errors and manifests call it: its file, without folders.</param>
public sealed record CalibrationStatistics(IReadOnlyDictionary<string, NetworkStatistics> Networks, IReadOnlyList<string> Clips, string Source)
{
    /// <summary>The statistics of one network of a pack.</summary>
    /// <param name="component">The network's entry in the pack's manifest.</param>
    /// <exception cref="LatentSyncException">There are none, or they are of another network of that name.</exception>
    public NetworkStatistics For(PackComponent component)
    {
        ArgumentNullException.ThrowIfNull(component);
        NetworkStatistics statistics = Networks.GetValueOrDefault(component.Name)
            ?? throw new LatentSyncException(LatentSyncError.Model, $"{Source}: it has no statistics of '{component.Name}'; calibrate with a recipe that names that network");
        return statistics.Fingerprint == component.ComputeFingerprint()
            ? statistics
            : throw new LatentSyncException(LatentSyncError.Model, $"{Source}: its statistics of '{component.Name}' were made with other weights or another graph than this pack's; calibrate with this pack");
    }
}
