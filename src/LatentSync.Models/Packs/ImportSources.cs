namespace LatentSync.Models.Packs;

/// <summary>The files an import reads, found and told apart; all exist.</summary>
/// <param name="Config">The YAML configuration.</param>
/// <param name="SchedulerConfig">The <c>scheduler_config.json</c>, null if there is none.</param>
/// <param name="UNet">The UNet's checkpoint.</param>
/// <param name="Whisper">The Whisper checkpoints that could be meant, at least one.</param>
/// <param name="Vae">The VAE's folder.</param>
/// <param name="Detector">The detector's ONNX file.</param>
/// <param name="Landmarks">The landmark network's ONNX file.</param>
internal sealed record ImportSources(
    string Config,
    string? SchedulerConfig,
    string UNet,
    IReadOnlyList<string> Whisper,
    string Vae,
    string Detector,
    string Landmarks);
