namespace LatentSync.Models.Packs;

/// <summary>The networks that every pack holds.</summary>
public static class PackComponentName
{
    /// <summary>The denoising UNet.</summary>
    public const string UNet = "unet";

    /// <summary>Pixels to latents.</summary>
    public const string VaeEncoder = "vae_encoder";

    /// <summary>Latents to pixels.</summary>
    public const string VaeDecoder = "vae_decoder";

    /// <summary>The Whisper encoder: log-mel to the stack of its layers.</summary>
    public const string Whisper = "whisper";

    /// <summary>The face detector (SCRFD).</summary>
    public const string Detector = "face_detector";

    /// <summary>The 106-point landmark network.</summary>
    public const string Landmarks = "face_landmarks";

    /// <summary>All of them, in the order of the manifest.</summary>
    public static IReadOnlyList<string> All { get; } = [UNet, VaeEncoder, VaeDecoder, Whisper, Detector, Landmarks];
}
