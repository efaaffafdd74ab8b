using LatentSync.Models.Quantization.Calibration;
using LatentSync.Pipeline.Calibration;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline.Calibration;

public sealed class PackCalibratorTests
{
    private static readonly string s_media = Path.Combine(Goldens.DemoPack, "media");

    /// <summary>A calibration that ends after its first clip and is started again sees what an uninterrupted one sees.</summary>
    [Fact]
    public async Task RunAsync_StartedAgain_GoesOnToTheSameStatistics()
    {
        using TemporaryFolder folder = new();
        CalibrationClip first = Clip("speech.wav"), second = Clip("speech-de.wav");
        await PackCalibrator.RunAsync(Options(folder.File("stopped.json"), first));
        CalibrationStatistics resumed = await PackCalibrator.RunAsync(Options(folder.File("stopped.json"), first, second));
        CalibrationStatistics whole = await PackCalibrator.RunAsync(Options(folder.File("whole.json"), first, second));

        Assert.Equal(File.ReadAllBytes(folder.File("whole.json")), File.ReadAllBytes(folder.File("stopped.json")));
        Assert.Equal((2, 2), (resumed.Clips.Count, whole.Clips.Count));

        // A clip is one chunk of one step, with both halves of guidance in one run.
        Assert.Equal(2, whole.Networks["unet"].RunCount);
    }

    [Fact]
    public async Task RunAsync_FileOfAnotherPack_IsRefusedAndKept()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("other.json");
        NetworkStatistics other = new(new string('c', 64)) { RunCount = 1 };
        StatisticsFile.Write(path, new CalibrationStatistics(new Dictionary<string, NetworkStatistics> { ["unet"] = other }, [], "other.json"));
        byte[] before = File.ReadAllBytes(path);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => PackCalibrator.RunAsync(Options(path, Clip("speech.wav"))));

        Assert.Contains("other weights", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void Find_Folder_PairsVideosWithRecordingsOfTheirName()
    {
        using TemporaryFolder folder = new();
        foreach (string name in new[] { "b.MP4", "b.wav", "a.mkv", "notes.txt", "c.wav" })
        {
            File.WriteAllText(folder.File(name), string.Empty);
        }

        Assert.Equal(
            [new CalibrationClip(folder.File("a.mkv"), folder.File("a.mkv")), new CalibrationClip(folder.File("b.MP4"), folder.File("b.wav"))],
            CalibrationFolder.Find(folder.Path));
    }

    [Theory]
    [InlineData("absent", "no such folder")]
    [InlineData("", "holds no video")]
    public void Find_NothingThere_SaysWhatToGive(string name, string expected)
    {
        using TemporaryFolder folder = new();
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => CalibrationFolder.Find(Path.Combine(folder.Path, name)));
        Assert.Equal(LatentSyncError.Media, error.Error);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static CalibrationClip Clip(string speech) => new(Path.Combine(s_media, "presenter.mp4"), Path.Combine(s_media, speech));

    private static CalibrationOptions Options(string statistics, params CalibrationClip[] clips) => new()
    {
        PackPath = ImportedDemoPack.Path,
        Clips = clips,
        StatisticsPath = statistics,
        Steps = 1,
        GuidanceScale = 1.5,
        Duration = TimeSpan.FromSeconds(0.4),
        Threads = 1,
    };
}
