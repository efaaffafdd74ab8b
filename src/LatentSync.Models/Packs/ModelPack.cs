using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>
/// An imported model on disk: graphs ready to run, and what a pipeline must know of them. Opening reads the manifest and looks at file
/// sizes; <see cref="ModelPackVerifier"/> also hashes the files. Immutable.
/// </summary>
public sealed class ModelPack
{
    private ModelPack(string path, PackManifest manifest)
    {
        Path = path;
        Manifest = manifest;
        string file = System.IO.Path.Combine(path, ManifestFile.Name);
        Config = LatentSyncConfigReader.Read(manifest.Config, file);
        SchedulerConfig = SchedulerConfigReader.Read(new ConfigSection(manifest.Scheduler, file, "scheduler"));
    }

    /// <summary>The pack's folder.</summary>
    public string Path { get; }

    /// <summary>Everything the manifest says: components with their sizes, parameter counts and tensor contracts, and the sources.</summary>
    public PackManifest Manifest { get; }

    /// <summary>The configuration that the UNet was trained with.</summary>
    public LatentSyncConfig Config { get; }

    /// <summary>The scheduler that the UNet was trained with.</summary>
    public SchedulerConfig SchedulerConfig { get; }

    /// <summary>The Whisper encoder's dimensions.</summary>
    public WhisperConfig WhisperConfig => Manifest.Whisper;

    /// <summary>latents = (posterior - shift) * scaling.</summary>
    public double VaeScalingFactor => Manifest.Vae.ScalingFactor;

    /// <summary>See <see cref="VaeScalingFactor"/>.</summary>
    public double VaeShiftFactor => Manifest.Vae.ShiftFactor;

    /// <summary>The UNet's ONNX file.</summary>
    public string UNetPath => GraphPath(PackComponentName.UNet);

    /// <summary>The VAE encoder's ONNX file.</summary>
    public string VaeEncoderPath => GraphPath(PackComponentName.VaeEncoder);

    /// <summary>The VAE decoder's ONNX file.</summary>
    public string VaeDecoderPath => GraphPath(PackComponentName.VaeDecoder);

    /// <summary>The Whisper encoder's ONNX file.</summary>
    public string WhisperPath => GraphPath(PackComponentName.Whisper);

    /// <summary>The face detector's ONNX file.</summary>
    public string DetectorPath => GraphPath(PackComponentName.Detector);

    /// <summary>The landmark network's ONNX file.</summary>
    public string LandmarksPath => GraphPath(PackComponentName.Landmarks);

    /// <summary>Opens a pack.</summary>
    /// <param name="path">The folder that an import made.</param>
    /// <exception cref="LatentSyncException">The folder is missing, is not a pack, is of another format version, or lacks a file.</exception>
    public static ModelPack Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PackManifest manifest = ReadManifest(path);
        foreach (PackFile file in manifest.Components.SelectMany(component => component.Files))
        {
            FileInfo info = new(System.IO.Path.Combine(path, file.Path));
            if (!info.Exists || info.Length != file.SizeInBytes)
            {
                string found = info.Exists ? $"has {info.Length} bytes instead of {file.SizeInBytes}" : "is missing";
                throw new LatentSyncException(LatentSyncError.Model, $"{path}: wrong model pack: {file.Path} {found}; import it again with 'latentsync models import'");
            }
        }

        return new ModelPack(path, manifest);
    }

    /// <summary>Opens a pack that is to be quantized, or calibrated for that.</summary>
    /// <param name="path">The folder that an import made.</param>
    /// <exception cref="LatentSyncException">It cannot be opened, or is quantized already.</exception>
    public static ModelPack OpenUnquantized(string path)
    {
        ModelPack pack = Open(path);
        return pack.Manifest.Quantization is not { } before
            ? pack
            : throw new LatentSyncException(LatentSyncError.Model, $"{path}: the pack is quantized already ({before.Recipe}); give the one that 'latentsync models import' made");
    }

    /// <summary>A component's entry in the manifest.</summary>
    /// <param name="name">One of <see cref="PackComponentName"/>.</param>
    /// <exception cref="ArgumentException">No such name.</exception>
    public PackComponent Component(string name) =>
        Manifest.Components.FirstOrDefault(component => component.Name == name) ?? throw new ArgumentException($"packs have no component '{name}'", nameof(name));

    internal static PackManifest ReadManifest(string path)
    {
        const string Fix = "make a pack with 'latentsync models import --checkpoints DIR --config FILE.yaml --out PACK'";
        if (File.Exists(path))
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: wrong model pack: this is a file, a pack is a folder; {Fix}");
        }

        if (!Directory.Exists(path))
        {
            string? replaced = StagingFolder.FindReplaced(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));
            throw new LatentSyncException(LatentSyncError.Model, replaced is null
                ? $"{path}: no such model pack; {Fix}"
                : $"{path}: an interrupted import left no pack here; import again, or rename {replaced}, the previous version, to this name");
        }

        if (!File.Exists(System.IO.Path.Combine(path, ManifestFile.Name)))
        {
            string checkpoints = File.Exists(System.IO.Path.Combine(path, "latentsync_unet.pt")) ? " (it looks like a folder of checkpoints, which must be imported first)" : string.Empty;
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: wrong model pack: it has no {ManifestFile.Name}{checkpoints}; {Fix}");
        }

        return ManifestFile.Read(path);
    }

    private string GraphPath(string name) => System.IO.Path.Combine(Path, Component(name).Graph.Replace('/', System.IO.Path.DirectorySeparatorChar));
}
