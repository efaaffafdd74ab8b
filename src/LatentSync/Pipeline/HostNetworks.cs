using LatentSync.Decoding;
using LatentSync.Latents;

namespace LatentSync.Pipeline;

/// <summary>The large networks with their tensors in host memory.</summary>
/// <param name="UNet">The UNet.</param>
/// <param name="Encoder">The VAE's encoder.</param>
/// <param name="Decoder">The VAE's decoder.</param>
internal sealed record HostNetworks(HostUNet UNet, VaeEncoder Encoder, VaeDecoder Decoder);
