using LatentSync.Tests.Support;

namespace LatentSync.Tests.FullSize;

/// <summary>A folder in the official layout, its weights made by the references' own formula.</summary>
internal sealed class FullSizeCheckpoints
{
    private static readonly string Data = Path.Combine(Goldens.RepositoryRoot, "tests", "data", "full-size");

    /// <summary>Makes the checkpoints of a set: its own tables, and any table for a network it has no case of.</summary>
    public FullSizeCheckpoints(string folder, IReadOnlyList<FullSizeCase> set)
    {
        Folder = Path.Combine(folder, "checkpoints");
        ConfigPath = Path.Combine(folder, "unet.yaml");
        string salt = set[0].Salt;
        string TableOf(NetworkKind kind) => set.FirstOrDefault(c => c.Kind == kind)?.Keys ?? FullSizeCase.AnyTable(kind);

        Directory.CreateDirectory(Path.Combine(Folder, "whisper"));
        Directory.CreateDirectory(Path.Combine(Folder, "vae"));
        Make(TableOf(NetworkKind.UNet), UNetPath, salt);
        Make(TableOf(NetworkKind.Whisper), Path.Combine(Folder, "whisper", "tiny.pt"), salt);
        Make(TableOf(NetworkKind.Vae), Path.Combine(Folder, "vae", "diffusion_pytorch_model.bin"), salt);
        File.Copy(Path.Combine(Data, "vae-config.json"), Path.Combine(Folder, "vae", "config.json"));
        File.WriteAllText(ConfigPath, ConfigFor(FullSizeCase.WeightNames(TableOf(NetworkKind.UNet))));

        // The face networks are InsightFace's own files and not part of these references: the demo pack's take their place.
        string faces = Path.Combine("auxiliary", "models", "buffalo_l");
        Directory.CreateDirectory(Path.Combine(Folder, faces));
        foreach (string file in Directory.GetFiles(Path.Combine(Goldens.DemoPack, "checkpoints", faces)))
        {
            File.Copy(file, Path.Combine(Folder, faces, Path.GetFileName(file)));
        }
    }

    public string Folder { get; }

    public string ConfigPath { get; }

    public string UNetPath => Path.Combine(Folder, "latentsync_unet.pt");

    private static void Make(string table, string checkpoint, string salt)
    {
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        ChildProcess.Run(python, FullSizeCase.Generator, table, checkpoint, $"--salt={salt}");
    }

    // The released configurations differ in where motion modules are, which the names of the weights tell.
    private static string ConfigFor(IReadOnlyList<string> weights)
    {
        bool Motion(string block) => weights.Any(name => name.StartsWith(block, StringComparison.Ordinal) && name.Contains("motion_modules", StringComparison.Ordinal));
        string config = File.ReadAllText(Path.Combine(Data, "unet.yaml"));
        if (!Motion(string.Empty))
        {
            return config.Replace("use_motion_module: true", "use_motion_module: false", StringComparison.Ordinal);
        }

        return Motion("down_blocks.") ? config : config.Replace("decoder_only: false", "decoder_only: true", StringComparison.Ordinal);
    }
}
