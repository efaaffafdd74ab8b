namespace LatentSync.Models.Packs;

/// <summary>What to import, and to where. A path given for one file wins over the search in <see cref="CheckpointsPath"/>.</summary>
public sealed record ImportOptions
{
    /// <summary>
    /// A folder in the official layout: <c>latentsync_unet.pt</c>, <c>whisper/*.pt</c>, <c>vae/</c> or <c>sd-vae-ft-mse/</c>,
    /// <c>auxiliary/models/buffalo_l/*.onnx</c>. Null if every file is given by its own option.
    /// </summary>
    public string? CheckpointsPath { get; init; }

    /// <summary>The original's YAML configuration that the UNet was trained with.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>The pack's folder, created by the import.</summary>
    public required string OutputPath { get; init; }

    /// <summary>The UNet's checkpoint (<c>.pt</c> or <c>.safetensors</c>).</summary>
    public string? UNetPath { get; init; }

    /// <summary>The Whisper checkpoint (<c>.pt</c>).</summary>
    public string? WhisperPath { get; init; }

    /// <summary>The folder of a diffusers AutoencoderKL: <c>config.json</c> with <c>diffusion_pytorch_model.safetensors</c> or <c>.bin</c>.</summary>
    public string? VaePath { get; init; }

    /// <summary>InsightFace's SCRFD detector (<c>det_10g.onnx</c>).</summary>
    public string? DetectorPath { get; init; }

    /// <summary>InsightFace's landmark network (<c>2d106det.onnx</c>).</summary>
    public string? LandmarksPath { get; init; }

    /// <summary>
    /// The <c>scheduler_config.json</c>; if null it is looked for beside <see cref="ConfigPath"/>, in <see cref="CheckpointsPath"/> and in their
    /// parents. None found: LatentSync's own values are assumed, with a warning.
    /// </summary>
    public string? SchedulerConfigPath { get; init; }

    /// <summary>Whether an existing pack of the same name is replaced; it stays until the new one is complete.</summary>
    public bool Overwrite { get; init; }
}
