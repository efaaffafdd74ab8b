using LatentSync.Models.Packs;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Packs;

/// <summary>The demo pack's sources as import options, and as a copy to damage.</summary>
internal static class DemoImport
{
    public static string Checkpoints { get; } = Path.Combine(Goldens.DemoPack, "checkpoints");

    public static string Config { get; } = Path.Combine(Goldens.DemoPack, "unet.yaml");

    public static ImportOptions Options(string output) => new() { CheckpointsPath = Checkpoints, ConfigPath = Config, OutputPath = output };

    public static ImportOptions Options(TemporaryFolder folder) => Options(folder.File("pack"));

    /// <summary>Copies the checkpoints into <c>checkpoints</c> of a folder, to be changed.</summary>
    public static string CopyCheckpoints(TemporaryFolder folder)
    {
        string copy = folder.File("checkpoints");
        Copy(Checkpoints, copy);
        return copy;
    }

    /// <summary>Copies a folder with everything in it.</summary>
    public static void Copy(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Everything in a folder: relative path and content, in order.</summary>
    public static IReadOnlyList<(string Path, byte[] Content)> Content(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(folder, file), File.ReadAllBytes(file)))
            .OrderBy(entry => entry.Item1, StringComparer.Ordinal)];

    /// <summary>Names of everything directly in a folder, hidden ones too.</summary>
    public static IReadOnlyList<string> Names(string folder) => [.. Directory.EnumerateFileSystemEntries(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
}
