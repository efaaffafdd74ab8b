using LatentSync.Models.Checkpoints;
using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Graphs;

/// <summary>The demo pack's networks as graphs, with the checkpoints that their weights come from.</summary>
internal static class DemoGraphs
{
    public static IReadOnlyList<string> Names { get; } = ["unet", "vae_encoder", "vae_decoder", "whisper"];

    public static UNetConfig UNetConfig => LatentSyncConfig.Load(Path.Combine(Goldens.DemoPack, "unet.yaml")).Model;

    public static ICheckpoint OpenCheckpoint(string name) => CheckpointReader.Open(Path.Combine(Goldens.DemoPack, "checkpoints", name switch
    {
        "unet" => "latentsync_unet.pt",
        "whisper" => Path.Combine("whisper", "demo.pt"),
        _ => "vae",
    }));

    public static OnnxGraph Build(string name, ICheckpoint checkpoint)
    {
        VaeConfig vae = VaeConfigFile.Load(Path.Combine(Goldens.DemoPack, "checkpoints", "vae", "config.json"));
        return name switch
        {
            "unet" => UNetGraphBuilder.Build(UNetConfig, checkpoint),
            "vae_encoder" => VaeGraphBuilder.BuildEncoder(vae, checkpoint),
            "vae_decoder" => VaeGraphBuilder.BuildDecoder(vae, checkpoint),
            "whisper" => WhisperGraphBuilder.Build(WhisperConfig.FromCheckpoint(checkpoint), checkpoint),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }
}
