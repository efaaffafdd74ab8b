using LatentSync.Tests.Video;

namespace LatentSync.Tests.Cli;

/// <summary>Outputs that cannot be written: exit code 5, a line that names the file and the fix, nothing left.</summary>
public sealed class SyncBadOutputTests : IDisposable
{
    private const int Output = 5;

    private readonly SyncBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Sync_OutputExists_KeepsIt()
    {
        File.WriteAllText(_bench["out/out.mp4"], "precious");
        await _bench.RefusesAsync(Output, _bench.Job(), "out.mp4", "--overwrite");
        Assert.Equal("precious", File.ReadAllText(_bench["out/out.mp4"]));
    }

    [Theory]
    [InlineData("--video")]
    [InlineData("--audio")]
    public async Task Sync_OutputIsAnInput_KeepsIt(string input)
    {
        string own = _bench.Make("-f", "lavfi", "-i", "testsrc2=s=64x64:d=0.2", "-f", "lavfi", "-i", "sine=d=0.2", "out/own.mp4");
        byte[] before = File.ReadAllBytes(own);
        await _bench.RefusesAsync(Output, [.. _bench.Job((input, own), ("--out", own)), "--overwrite"], "own.mp4", "is also an input");
        Assert.Equal(before, File.ReadAllBytes(own));
    }

    [SkippableTheory]
    [InlineData("absent/out.mp4", "mkdir")]
    [InlineData("/proc/latentsync.mp4", "choose a folder")]
    public async Task Sync_OutputFolderCannotBeWritten_NamesTheFix(string path, string fix)
    {
        Skip.If(OperatingSystem.IsWindows() && path[0] == '/', "has no /proc");
        await _bench.RefusesAsync(Output, _bench.Job(("--out", Path.Combine(_bench.Folder, path))), Path.GetFileName(path), fix);
    }

    [Fact]
    public async Task Sync_OutputIsAFolder_NamesTheFix()
    {
        Directory.CreateDirectory(_bench["out/folder.mp4"]);
        await _bench.RefusesAsync(Output, _bench.Job(("--out", _bench["out/folder.mp4"])), "folder.mp4", "not a file name");
    }

    [Fact]
    public async Task Sync_TemporaryFolderCannotBeMade_NamesTheOption()
    {
        File.WriteAllText(_bench["file"], string.Empty);
        await _bench.RefusesAsync(Output, _bench.Job(("--temp-dir", _bench["file/temp"])), "--temp-dir");
    }

    [SkippableFact]
    public async Task Sync_DiskOfTheOutputFull_SaysSoAndLeavesNothing()
    {
        using SmallDisk disk = SmallDisk.Mount(_bench["out"], 200_000);
        string noise = _bench.Make(
            "-f", "lavfi", "-i", "color=gray:s=320x240:r=25:d=1,noise=alls=100:allf=t", "-preset", "ultrafast", "-crf", "10", "noise.mp4");
        await _bench.RefusesAsync(Output, _bench.Job(("--video", noise), ("--crf", "0"), ("--duration", "1")), "out.mp4", "free space");
    }

    // Room for the samples but not for the features; for both, but not for the frames of a video that loops.
    [SkippableTheory]
    [InlineData(65_536)]
    [InlineData(1_500_000)]
    public async Task Sync_TemporaryDiskFull_SaysSoAndLeavesNothing(int bytes)
    {
        using SmallDisk disk = SmallDisk.Mount(_bench["temp"], bytes);
        string noise = _bench.Make(
            "-f", "lavfi", "-i", "color=gray:s=320x240:r=25:d=0.6,noise=alls=100:allf=t", "-preset", "ultrafast", "-crf", "10", "noise.mp4");
        await _bench.RefusesAsync(Output, _bench.Job(("--video", noise), ("--duration", "1")), "temp", "--temp-dir");
    }
}
