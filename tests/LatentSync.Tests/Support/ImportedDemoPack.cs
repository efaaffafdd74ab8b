using LatentSync.Models.Packs;

namespace LatentSync.Tests.Support;

/// <summary>The demo pack, imported once for all tests that run networks; removed when the test process ends.</summary>
public static class ImportedDemoPack
{
    private static readonly Lazy<string> s_path = new(Import);

    /// <summary>The pack's folder.</summary>
    public static string Path => s_path.Value;

    private static string Import()
    {
        string folder = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"latentsync-demo-pack-{Guid.NewGuid():N}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        };
        ImportOptions options = new()
        {
            CheckpointsPath = System.IO.Path.Combine(Goldens.DemoPack, "checkpoints"),
            ConfigPath = System.IO.Path.Combine(Goldens.DemoPack, "unet.yaml"),
            OutputPath = folder,
        };
        return ModelImporter.ImportAsync(options).GetAwaiter().GetResult().Pack.Path;
    }
}
