namespace LatentSync.Pipeline;

/// <summary>The parts of a job, in the order the data flows.</summary>
public enum LipSyncStage
{
    /// <summary>Speech to samples, log-mel and Whisper features.</summary>
    Audio,

    /// <summary>Container to RGB frames.</summary>
    VideoDecode,

    /// <summary>Detection, landmarks, alignment and crop.</summary>
    Faces,

    /// <summary>Mask and VAE encoder.</summary>
    VaeEncode,

    /// <summary>UNet and scheduler.</summary>
    Denoising,

    /// <summary>VAE decoder.</summary>
    VaeDecode,

    /// <summary>Inverse warp, soft mask and blend.</summary>
    Compositing,

    /// <summary>RGB frames and speech to a container.</summary>
    VideoEncode,
}
