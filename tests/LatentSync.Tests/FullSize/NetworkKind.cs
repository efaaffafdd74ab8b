namespace LatentSync.Tests.FullSize;

/// <summary>Which of the original's networks a table of weights belongs to.</summary>
public enum NetworkKind
{
    UNet,
    Vae,
    Whisper,
}
