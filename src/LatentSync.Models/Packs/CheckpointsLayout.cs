using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>
/// Finds an import's files: those given by their own option, the others in the official layout of LatentSync's <c>checkpoints</c> folder.
/// All that is missing is named in one error.
/// </summary>
internal sealed class CheckpointsLayout
{
    private const string SchedulerFileName = "scheduler_config.json";

    private static readonly string[] VaeFolders = ["vae", "sd-vae-ft-mse"];

    private readonly ImportOptions _options;
    private readonly string? _root;
    private readonly List<string> _missing = [];

    private CheckpointsLayout(ImportOptions options)
    {
        _options = options;
        _root = options.CheckpointsPath;
    }

    /// <summary>Finds every file.</summary>
    /// <exception cref="LatentSyncException">A given path does not exist, or the folder lacks something or holds two of it.</exception>
    public static ImportSources Locate(ImportOptions options) => new CheckpointsLayout(options).Locate();

    private ImportSources Locate()
    {
        if (_root is not null && !Directory.Exists(_root))
        {
            throw new LatentSyncException(LatentSyncError.Model, File.Exists(_root)
                ? $"{_root}: this is a file; give the folder that holds latentsync_unet.pt and whisper/"
                : $"{_root}: no such folder; give the folder that holds latentsync_unet.pt and whisper/");
        }

        string config = Given(_options.ConfigPath, "the configuration (YAML)")!;
        string? unet = Given(_options.UNetPath, "the UNet checkpoint") ?? InRoot("latentsync_unet.pt") ?? InRoot("latentsync_unet.safetensors");
        IReadOnlyList<string> whisper = Given(_options.WhisperPath, "the Whisper checkpoint") is { } given ? [given] : FilesIn("whisper", ".pt");
        string? vae = FindVae();
        string? detector = Given(_options.DetectorPath, "the face detector") ?? FindFace("face detectors", "detector", IsDetector);
        string? landmarks = Given(_options.LandmarksPath, "the landmark network") ?? FindFace("landmark networks", "landmarks", IsLandmarks);
        Require(unet, "latentsync_unet.pt (UNet)");
        Require(whisper.FirstOrDefault(), "whisper/*.pt (Whisper)");
        Require(vae, "vae/ or sd-vae-ft-mse/ (stabilityai's sd-vae-ft-mse: config.json and diffusion_pytorch_model.safetensors)");
        Require(detector, "auxiliary/models/buffalo_l/det_10g.onnx (face detector)");
        Require(landmarks, "auxiliary/models/buffalo_l/2d106det.onnx (face landmarks)");
        if (_missing.Count > 0)
        {
            throw new LatentSyncException(LatentSyncError.Model,
                $"{_root ?? "import"}: missing {string.Join("; ", _missing)}. Put each in its place or give its path by its own option");
        }

        return new ImportSources(config, FindScheduler(config), unet!, whisper, vae!, detector!, landmarks!);
    }

    private void Require(string? found, string what)
    {
        if (found is null)
        {
            _missing.Add(what);
        }
    }

    private static string? Given(string? path, string what)
    {
        if (path is null || File.Exists(path))
        {
            return path;
        }

        throw new LatentSyncException(LatentSyncError.Model, Directory.Exists(path)
            ? $"{path}: this is a folder; give the file of {what}"
            : $"{path}: no such file; give the path of {what}");
    }

    private string? InRoot(string name) => _root is not null && Path.Combine(_root, name) is var path && File.Exists(path) ? path : null;

    // Case decides nothing, order must not depend on the file system.
    private IReadOnlyList<string> FilesIn(string folder, string extension) =>
        _root is not null && Path.Combine(_root, folder) is var path && Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path).Where(f => f.EndsWith(extension, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)]
            : [];

    private string? FindVae()
    {
        if (_options.VaePath is { } given)
        {
            return Directory.Exists(given)
                ? given
                : throw new LatentSyncException(LatentSyncError.Model, $"{given}: no such folder; give the VAE's folder (config.json and diffusion_pytorch_model.safetensors)");
        }

        string[] found = _root is null ? [] : [.. VaeFolders.Select(name => Path.Combine(_root, name)).Where(Directory.Exists)];
        return found.Length < 2
            ? found.FirstOrDefault()
            : throw new LatentSyncException(LatentSyncError.Model, $"{_root}: it holds two VAEs, {string.Join(" and ", VaeFolders.Select(n => n + "/"))}; remove one or give the VAE's path");
    }

    private string? FindFace(string plural, string option, Func<string, bool> isRole)
    {
        string[] found = [.. FilesIn(Path.Combine("auxiliary", "models", "buffalo_l"), ".onnx").Where(f => isRole(Path.GetFileNameWithoutExtension(f).ToLowerInvariant()))];
        return found.Length < 2
            ? found.FirstOrDefault()
            : throw new LatentSyncException(LatentSyncError.Model,
                $"{Path.GetDirectoryName(found[0])}: several {plural}: {string.Join(", ", found.Select(Path.GetFileName))}; give the path of the {option} to use");
    }

    // InsightFace's packs name their detectors det_10g, det_2.5g, det_500m; the same networks are also found as scrfd_*.
    private static bool IsDetector(string name) => name.StartsWith("det_", StringComparison.Ordinal) || name.StartsWith("scrfd_", StringComparison.Ordinal);

    private static bool IsLandmarks(string name) => name.Contains("2d106", StringComparison.Ordinal);

    private string? FindScheduler(string config)
    {
        if (_options.SchedulerConfigPath is { } given)
        {
            return Given(given, "the scheduler_config.json");
        }

        string? beside = Path.GetDirectoryName(Path.GetFullPath(config));
        string? root = _root is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(_root));
        return new[] { beside, root, Path.GetDirectoryName(beside), Path.GetDirectoryName(root) }
            .Where(folder => !string.IsNullOrEmpty(folder))
            .Select(folder => Path.Combine(folder!, SchedulerFileName))
            .FirstOrDefault(File.Exists);
    }
}
