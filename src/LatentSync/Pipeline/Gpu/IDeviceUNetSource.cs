using LatentSync.Denoising;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;

namespace LatentSync.Pipeline.Gpu;

/// <summary>Where the UNet's networks for a device come from.</summary>
internal interface IDeviceUNetSource
{
    /// <summary>The first of some forms whose networks are all there; nothing is loaded.</summary>
    /// <param name="forms">The forms, the best first.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="LatentSyncException">None is; the message names what is missing of the last, and the fix.</exception>
    UNetProgramOptions Find(IReadOnlyList<UNetProgramOptions> forms, CancellationToken cancellationToken);

    /// <summary>Loads the networks of a form; they become the caller's.</summary>
    /// <param name="form">A form that was found.</param>
    /// <param name="cancellationToken">Stops between two networks.</param>
    /// <exception cref="LatentSyncException">One is damaged, or the device has no room.</exception>
    DeviceUNetNetworks Load(UNetProgramOptions form, CancellationToken cancellationToken);
}
