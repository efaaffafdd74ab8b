namespace LatentSync.Denoising;

/// <summary>Sizes of the chunks of one job.</summary>
/// <param name="Channels">Latent channels C.</param>
/// <param name="Height">Height h of a latent plane.</param>
/// <param name="Width">Width w of a latent plane.</param>
/// <param name="MaxFrames">Most frames of a chunk.</param>
/// <param name="AudioTokens">Rows S of a frame's audio window.</param>
/// <param name="AudioState">Width D of a row.</param>
/// <param name="IsGuided">Whether every chunk is doubled, the silent half first.</param>
public sealed record DeviceChunkLayout(int Channels, int Height, int Width, int MaxFrames, int AudioTokens, int AudioState, bool IsGuided)
{
    /// <summary>Values of a plane, <c>h*w</c>.</summary>
    public int Plane => Height * Width;

    /// <summary>Items of the UNet's batch for one chunk.</summary>
    public int Halves => IsGuided ? 2 : 1;

    /// <summary>Values of a chunk's latents, <c>C*F*h*w</c>.</summary>
    /// <param name="frames">F.</param>
    public int LatentLength(int frames) => FeatureLength(Channels, frames);

    /// <summary>Values of that many channels of a chunk, <c>channels*F*h*w</c>.</summary>
    /// <param name="channels">How many.</param>
    /// <param name="frames">F.</param>
    public int FeatureLength(int channels, int frames) => channels * frames * Plane;

    /// <summary>Values of a chunk's audio windows without the silent half, <c>F*S*D</c>.</summary>
    /// <param name="frames">F.</param>
    public int AudioLength(int frames) => frames * AudioTokens * AudioState;
}
