using System.Reflection;
using System.Text.Json;
using LatentSync.Models.Checkpoints;
using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>
/// An import with everything found, opened and checked, and nothing written yet: every error a source can cause that does not need its
/// weights shows up here. Holds the checkpoints open.
/// </summary>
internal sealed class ImportPlan : IDisposable
{
    private readonly List<ICheckpoint> _checkpoints = [];

    private readonly CancellationToken _cancellationToken;

    private ImportPlan(CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
    }

    /// <summary>The networks to build.</summary>
    public IReadOnlyList<PackGraph> Graphs { get; private set; } = [];

    /// <summary>The networks to copy.</summary>
    public IReadOnlyList<PackCopy> Copies { get; private set; } = [];

    /// <summary>The files to hash.</summary>
    public SourceFiles Sources { get; } = new();

    /// <summary>The manifest without components and sources.</summary>
    public PackManifest Manifest { get; private set; } = null!;

    /// <summary>What a user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Bytes that the pack will take, to within a few kilobytes for graphs without their weights.</summary>
    public long SizeInBytes => Graphs.Sum(graph => graph.SizeInBytes) + Copies.Sum(copy => copy.SizeInBytes);

    /// <summary>Finds, opens and checks.</summary>
    /// <param name="options">What to import.</param>
    /// <param name="cancellationToken">Looked at between files: what is read of one here, names and shapes, takes well below a second.</param>
    /// <exception cref="LatentSyncException">A source is missing, damaged or not supported.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static ImportPlan Prepare(ImportOptions options, CancellationToken cancellationToken)
    {
        ImportPlan plan = new(cancellationToken);
        try
        {
            plan.Fill(CheckpointsLayout.Locate(options));
            return plan;
        }
        catch
        {
            plan.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (ICheckpoint checkpoint in _checkpoints)
        {
            checkpoint.Dispose();
        }
    }

    private static string EngineVersion =>
        typeof(ImportPlan).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private void Fill(ImportSources files)
    {
        using JsonDocument yaml = YamlFile.Load(files.Config);
        LatentSyncConfig config = LatentSyncConfigReader.Read(yaml.RootElement, files.Config);
        SchedulerConfig scheduler = files.SchedulerConfig is { } path ? SchedulerConfig.Load(path) : SchedulerConfig.Official;
        string vaeConfigPath = Path.Combine(files.Vae, "config.json");
        VaeConfig vaeConfig = VaeConfigFile.Load(vaeConfigPath);
        CheckChannels(config.Model, files.Config, vaeConfig, vaeConfigPath);

        ICheckpoint unet = Open(files.UNet);
        ICheckpoint vae = Open(files.Vae);
        (ICheckpoint whisper, WhisperConfig whisperConfig) = WhisperChoice.Open(files.Whisper, config.Model.CrossAttentionDim, files.Config, _cancellationToken);
        Keep(whisper);
        Graphs =
        [
            new(PackComponentName.UNet, UNetGraphBuilder.Build(config.Model, unet)) { Mark = input => InputMarks.OfImport(input, vaeConfig) },
            new(PackComponentName.VaeEncoder, VaeGraphBuilder.BuildEncoder(vaeConfig, vae)),
            new(PackComponentName.VaeDecoder, VaeGraphBuilder.BuildDecoder(vaeConfig, vae)),
            new(PackComponentName.Whisper, WhisperGraphBuilder.Build(whisperConfig, whisper)),
        ];
        _cancellationToken.ThrowIfCancellationRequested();
        Copies =
        [
            new(PackComponentName.Detector, files.Detector, "faces/detector.onnx", OnnxFile.ReadDetector(files.Detector)),
            new(PackComponentName.Landmarks, files.Landmarks, "faces/landmarks.onnx", OnnxFile.ReadLandmarks(files.Landmarks)),
        ];
        CollectSources(files, unet, whisper, vae);
        Warnings = files.SchedulerConfig is null ? [NoScheduler(files.Config)] : [];
        Manifest = new PackManifest
        {
            Format = ManifestFile.FormatName,
            FormatVersion = PackManifest.CurrentFormatVersion,
            EngineVersion = EngineVersion,
            Config = LatentSyncConfigReader.KeepForPack(yaml.RootElement),
            Scheduler = SchedulerConfigReader.ToJson(scheduler),
            Assumed = files.SchedulerConfig is null ? "epsilon, DDIM" : null,
            Vae = vaeConfig,
            Whisper = whisperConfig,
            Components = [],
            Sources = [],
        };
    }

    private ICheckpoint Open(string path)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        return Keep(CheckpointReader.Open(path));
    }

    private ICheckpoint Keep(ICheckpoint checkpoint)
    {
        _checkpoints.Add(checkpoint);
        return checkpoint;
    }

    // UNet input: noisy latents, one mask, masked and reference latents; output: latents.
    private static void CheckChannels(UNetConfig unet, string unetPath, VaeConfig vae, string vaePath)
    {
        if (unet.InChannels != (3 * vae.LatentChannels) + 1 || unet.OutChannels != vae.LatentChannels)
        {
            throw new LatentSyncException(LatentSyncError.Model,
                $"{unetPath}: in_channels {unet.InChannels} and out_channels {unet.OutChannels} do not fit the VAE's {vae.LatentChannels} latent channels ({vaePath}), which call for {(3 * vae.LatentChannels) + 1} and {vae.LatentChannels}; use the VAE the model was trained with");
        }

        if (vae.InChannels != 3 || vae.OutChannels != 3)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{vaePath}: in_channels {vae.InChannels} and out_channels {vae.OutChannels}, but pictures have 3; use the VAE the model was trained with");
        }
    }

    private void CollectSources(ImportSources files, ICheckpoint unet, ICheckpoint whisper, ICheckpoint vae)
    {
        Sources.Add("config", files.Config);
        if (files.SchedulerConfig is { } scheduler)
        {
            Sources.Add("scheduler_config", scheduler);
        }

        foreach ((string role, ICheckpoint checkpoint) in new[] { ("unet", unet), ("whisper", whisper), ("vae", vae) })
        {
            foreach (string file in checkpoint.Files)
            {
                Sources.Add(role, file);
            }
        }

        Sources.Add(PackComponentName.Detector, files.Detector);
        Sources.Add(PackComponentName.Landmarks, files.Landmarks);
    }

    private static string NoScheduler(string config) =>
        $"no scheduler_config.json beside {config}, among the checkpoints or in their parents: LatentSync's own is assumed (epsilon, DDIM); give its path if the model was trained otherwise";
}
