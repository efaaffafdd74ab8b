using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Packs;

public sealed class ModelImporterTests(DemoPackFixture demo) : IClassFixture<DemoPackFixture>
{
    [Fact]
    public async Task ImportAsync_SameSourcesTwice_GivesTheSameBytes()
    {
        using TemporaryFolder folder = new();

        await ModelImporter.ImportAsync(DemoImport.Options(folder.File("elsewhere")));

        IReadOnlyList<(string Path, byte[] Content)> first = DemoImport.Content(demo.Pack.Path), second = DemoImport.Content(folder.File("elsewhere"));
        Assert.Equal(first.Select(file => file.Path), second.Select(file => file.Path));
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First.Content, pair.Second.Content));
        Assert.Equal(["elsewhere"], DemoImport.Names(folder.Path));
    }

    [Fact]
    public void ImportAsync_SchedulerInTheParent_IsFound()
    {
        Assert.Empty(demo.Result.Warnings);
        Assert.Null(demo.Pack.Manifest.Assumed);
        Assert.Contains(demo.Pack.Manifest.Sources, source => source is { Role: "scheduler_config", FileName: "scheduler_config.json" });
    }

    [Fact]
    public async Task ImportAsync_EveryPathByItsOwnOption_GivesTheSamePack()
    {
        using TemporaryFolder folder = new();
        string faces = Path.Combine(DemoImport.Checkpoints, "auxiliary", "models", "buffalo_l");

        await ModelImporter.ImportAsync(new ImportOptions
        {
            ConfigPath = DemoImport.Config,
            OutputPath = folder.File("pack"),
            UNetPath = Path.Combine(DemoImport.Checkpoints, "latentsync_unet.pt"),
            WhisperPath = Path.Combine(DemoImport.Checkpoints, "whisper", "demo.pt"),
            VaePath = Path.Combine(DemoImport.Checkpoints, "vae"),
            DetectorPath = Path.Combine(faces, "det_10g.onnx"),
            LandmarksPath = Path.Combine(faces, "2d106det.onnx"),
            SchedulerConfigPath = Path.Combine(Goldens.DemoPack, "scheduler_config.json"),
        });

        Assert.Equal(File.ReadAllText(Path.Combine(demo.Pack.Path, "manifest.json")), File.ReadAllText(Path.Combine(folder.File("pack"), "manifest.json")));
    }

    [Fact]
    public async Task ImportAsync_NoScheduler_WarnsAndSaysWhatIsAssumed()
    {
        using TemporaryFolder folder = new(), configFolder = new("-parent");
        string config = Path.Combine(Directory.CreateDirectory(configFolder.File("unet")).FullName, "unet.yaml");
        File.Copy(DemoImport.Config, config);
        string checkpoints = DemoImport.CopyCheckpoints(folder);

        ImportResult result = await ModelImporter.ImportAsync(DemoImport.Options(folder) with { CheckpointsPath = checkpoints, ConfigPath = config });

        Assert.Contains("scheduler_config.json", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal("epsilon, DDIM", result.Pack.Manifest.Assumed);
        Assert.Equal(LatentSync.Models.Configuration.SchedulerConfig.Official, result.Pack.SchedulerConfig);
    }

    [Fact]
    public async Task ImportAsync_OddNames_AreOrdinaryPaths()
    {
        using TemporaryFolder folder = new(" 'über \"口\" $(id) %PATH%;");
        string checkpoints = DemoImport.CopyCheckpoints(folder);

        ImportResult result = await ModelImporter.ImportAsync(DemoImport.Options(folder.File("mödell's \"pack\"")) with { CheckpointsPath = checkpoints });

        Assert.True(File.Exists(result.Pack.UNetPath));
        Assert.Empty(await ModelPackVerifier.VerifyAsync(result.Pack.Path));
    }

    [Fact]
    public async Task ImportAsync_OtherFaceModels_ArePassedOver()
    {
        using TemporaryFolder folder = new();
        string checkpoints = DemoImport.CopyCheckpoints(folder);
        string faces = Path.Combine(checkpoints, "auxiliary", "models", "buffalo_l");
        foreach (string name in new[] { "1k3d68", "genderage", "w600k_r50" })
        {
            File.WriteAllText(Path.Combine(faces, name + ".onnx"), "not even read");
        }

        ImportResult result = await ModelImporter.ImportAsync(DemoImport.Options(folder) with { CheckpointsPath = checkpoints });

        Assert.Equal(demo.Pack.Manifest.Components.Select(c => c.Files[0].Sha256), result.Pack.Manifest.Components.Select(c => c.Files[0].Sha256));
    }

    [Fact]
    public async Task ImportAsync_ExistingPack_IsLeftAloneUnlessOverwritten()
    {
        using TemporaryFolder folder = new();
        string pack = demo.CopyTo(folder);
        File.WriteAllText(Path.Combine(pack, "mark"), "old");

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => ModelImporter.ImportAsync(DemoImport.Options(pack)));
        Assert.Equal(LatentSyncError.Output, error.Error);
        Assert.Contains(pack, error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(pack, "mark")));

        await ModelImporter.ImportAsync(DemoImport.Options(pack) with { Overwrite = true });
        Assert.False(File.Exists(Path.Combine(pack, "mark")));
        Assert.Equal(["pack"], DemoImport.Names(folder.Path));
    }

    [Fact]
    public async Task ImportAsync_FolderThatIsNoPack_IsNeverReplaced()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder.File("pack")).FullName, "thesis.txt"), "mine");

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => ModelImporter.ImportAsync(DemoImport.Options(folder) with { Overwrite = true }));

        Assert.Contains("not a model pack", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder.File("pack"), "thesis.txt")));
    }

    [Fact]
    public async Task ImportAsync_CancelledAtAnyPoint_LeavesNothingAndKeepsTheOldPack()
    {
        using TemporaryFolder folder = new();
        string pack = demo.CopyTo(folder);
        IReadOnlyList<(string Path, byte[] Content)> before = DemoImport.Content(pack);
        foreach (double share in new[] { 0.0, 0.3, 0.9 })
        {
            using CancellationTokenSource cancel = new();
            CancelAt progress = new(share, cancel);

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                ModelImporter.ImportAsync(DemoImport.Options(pack) with { Overwrite = true }, progress, cancel.Token));

            Assert.Equal(["pack"], DemoImport.Names(folder.Path));
            Assert.All(before.Zip(DemoImport.Content(pack)), pair => Assert.Equal(pair.First.Content, pair.Second.Content));
        }
    }

    [Fact]
    public async Task ImportAsync_FailingSource_LeavesNothing()
    {
        using TemporaryFolder folder = new();
        string checkpoints = DemoImport.CopyCheckpoints(folder);
        string unet = Path.Combine(checkpoints, "latentsync_unet.pt");
        using (FileStream stream = new(unet, FileMode.Open))
        {
            stream.SetLength(stream.Length / 2);
        }

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() =>
            ModelImporter.ImportAsync(DemoImport.Options(Path.Combine(folder.File("new"), "deep", "pack")) with { CheckpointsPath = checkpoints }));

        Assert.StartsWith(unet, error.Message, StringComparison.Ordinal);
        Assert.Equal(["checkpoints"], DemoImport.Names(folder.Path));
    }

    [Fact]
    public async Task ImportAsync_LeftoversOfAKilledImport_AreRemoved()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder.File(".pack.importing-0123")).FullName, "half"), "half");
        File.WriteAllText(folder.File(".pack.lock"), string.Empty);

        await ModelImporter.ImportAsync(DemoImport.Options(folder));

        Assert.Equal(["pack"], DemoImport.Names(folder.Path));
    }

    [Fact]
    public async Task ImportAsync_KilledBetweenTheRenames_TheOldPackComesBack()
    {
        using TemporaryFolder folder = new();
        Directory.Move(demo.CopyTo(folder), folder.File(".pack.replaced-0123"));

        LatentSyncException open = Assert.Throws<LatentSyncException>(() => ModelPack.Open(folder.File("pack")));
        Assert.Contains(".pack.replaced-0123", open.Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<LatentSyncException>(() => ModelImporter.ImportAsync(DemoImport.Options(folder)));
        Assert.Equal(["pack"], DemoImport.Names(folder.Path));
        Assert.Empty(await ModelPackVerifier.VerifyAsync(folder.File("pack")));
    }

    [Fact]
    public async Task ImportAsync_WhileAnotherWritesThePack_IsRefused()
    {
        using TemporaryFolder folder = new();
        using StagingFolder other = StagingFolder.Create(folder.File("pack"), overwrite: false);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => ModelImporter.ImportAsync(DemoImport.Options(folder)));

        Assert.Contains("another import", error.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(other.Path));
    }

    [Fact]
    public async Task ImportAsync_Progress_EndsAtTheTotal()
    {
        using TemporaryFolder folder = new();
        CancelAt progress = new(2, null);

        await ModelImporter.ImportAsync(DemoImport.Options(folder), progress);

        Assert.True(progress.Last.BytesTotal > 0);
        Assert.InRange(progress.Last.BytesDone, progress.Last.BytesTotal * 0.98, progress.Last.BytesTotal);
    }

    /// <summary>Signals a token from inside the import once a share of the bytes is done.</summary>
    private sealed class CancelAt(double share, CancellationTokenSource? cancel) : IProgress<ImportProgress>
    {
        public ImportProgress Last { get; private set; }

        public void Report(ImportProgress value)
        {
            lock (this)
            {
                Last = value.BytesDone > Last.BytesDone ? value : Last;
                if (value.BytesDone >= share * value.BytesTotal)
                {
                    cancel?.Cancel();
                }
            }
        }
    }
}
