namespace LatentSync.Denoising;

/// <summary>Channels of one of the UNet's inputs, <c>[B,channels,F,h,w]</c>.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="InputChannels">Channels of the whole input.</param>
/// <param name="First">The first of them that is meant.</param>
/// <param name="Count">How many.</param>
internal sealed record UNetPlace(string Input, int InputChannels, int First, int Count);
