using LatentSync.Denoising;
using LatentSync.Models.Rewrites;

namespace LatentSync.Pipeline.Gpu;

/// <summary>The UNet in one form.</summary>
/// <param name="Form">The form.</param>
/// <param name="Networks">Its networks, on the device.</param>
internal sealed record LoadedUNet(UNetProgramOptions Form, DeviceUNetNetworks Networks);
