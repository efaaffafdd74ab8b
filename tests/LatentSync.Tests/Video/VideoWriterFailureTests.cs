using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Tests.Video;

/// <summary>Whatever goes wrong: one line that names the file, and nothing under the final name nor beside it.</summary>
public sealed class VideoWriterFailureTests : IDisposable
{
    private readonly MediaBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Create_OutputExists_IsRefusedUnlessAllowed()
    {
        File.WriteAllText(_bench["out.mp4"], "precious");

        LatentSyncException error = await Refused("out.mp4", new VideoWriterOptions());
        Assert.Contains("--overwrite", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_bench["out.mp4"]));

        await using VideoWriter writer = await VideoWriter.CreateAsync(_bench["out.mp4"], 32, 32, new VideoWriterOptions { Overwrite = true });
        await writer.WriteAsync(new RgbImage(32, 32));
        Assert.Equal("precious", File.ReadAllText(_bench["out.mp4"])); // until the new one is whole
        await writer.CompleteAsync();
        Assert.Equal(["out.mp4"], _bench.Files);
    }

    [Fact]
    public async Task Create_OutputIsAnInput_IsRefusedEvenBehindALink()
    {
        string clip = _bench.Make("-f", "lavfi", "-i", "testsrc2=s=32x32:d=0.2", "clip.mp4");
        File.CreateSymbolicLink(_bench["link.mp4"], clip);

        foreach (string name in new[] { "clip.mp4", "link.mp4", "./clip.mp4" })
        {
            LatentSyncException error = await Refused(name, new VideoWriterOptions { Overwrite = true, Inputs = [clip] });
            Assert.Contains("input", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Create_OutputIsTheRecording_IsRefused()
    {
        string speech = _bench.Make("-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", "speech.mp4");

        LatentSyncException error = await Refused("speech.mp4", new VideoWriterOptions { Overwrite = true, AudioPath = speech });

        Assert.Contains("input", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("absent/out.mp4", "mkdir")]
    [InlineData("out.avi", ".mp4")]
    [InlineData("out", ".mp4")]
    [InlineData("", ".mp4")]
    [InlineData("/proc/latentsync.mp4", "folder")]
    public async Task Create_ImpossiblePlace_NamesTheFix(string name, string fix)
    {
        LatentSyncException error = await Refused(name, new VideoWriterOptions());

        Assert.Contains(fix, error.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Files);
    }

    [Theory]
    [InlineData(-1, "medium")]
    [InlineData(52, "medium")]
    [InlineData(18, "warp")]
    [InlineData(18, "slow -i x")]
    public async Task Create_SenselessOption_IsUsageError(int crf, string preset)
    {
        LatentSyncException error = await Refused("out.mp4", new VideoWriterOptions { Crf = crf, Preset = preset });

        Assert.Equal(LatentSyncError.Usage, error.Error);
    }

    [Fact]
    public async Task Create_RecordingWithoutSound_NamesIt()
    {
        string silent = _bench.MakeRgb("silent.mkv", 32, 32, 2);

        LatentSyncException error = await Refused("out.mp4", new VideoWriterOptions { AudioPath = silent });

        Assert.Contains("silent.mkv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_NoFrames_IsRefused()
    {
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(async () =>
        {
            await using VideoWriter writer = await VideoWriter.CreateAsync(_bench["out.mp4"], 32, 32);
            await writer.CompleteAsync();
        });

        Assert.Contains("out.mp4", error.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Files);
    }

    [Fact]
    public async Task Dispose_BeforeTheEnd_RemovesEverything()
    {
        VideoWriter writer = await VideoWriter.CreateAsync(_bench["out.mp4"], 320, 240);
        for (int i = 0; i < 10; i++)
        {
            await writer.WriteAsync(MediaBench.Gradient(320, 240, i));
        }

        Assert.StartsWith(".out.partial-", Assert.Single(_bench.Files), StringComparison.Ordinal);
        await writer.DisposeAsync();

        Assert.Empty(_bench.Files);
        Assert.Empty(RunningFfmpeg.On(_bench.Folder));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await writer.WriteAsync(new RgbImage(320, 240)));
    }

    [Fact]
    public async Task Write_Cancelled_EndsFfmpegAndRemovesEverything()
    {
        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await using VideoWriter writer = await VideoWriter.CreateAsync(_bench["out.mp4"], 320, 240);
            await writer.WriteAsync(MediaBench.Gradient(320, 240, 0), stop.Token);
            await stop.CancelAsync();
            await writer.WriteAsync(MediaBench.Gradient(320, 240, 1), stop.Token);
        });

        Assert.Empty(_bench.Files);
        Assert.Empty(RunningFfmpeg.On(_bench.Folder));
    }

    [SkippableFact]
    public async Task Write_FfmpegKilled_NamesTheFileAndKeepsTheError()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "finds ffmpeg in /proc");
        await using VideoWriter writer = await VideoWriter.CreateAsync(_bench["out.mp4"], 320, 240);
        RgbImage frame = MediaBench.Gradient(320, 240, 0);
        await writer.WriteAsync(frame);

        RunningFfmpeg.KillOn(_bench.Folder);
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(async () =>
        {
            while (true)
            {
                await writer.WriteAsync(frame);
            }
        });

        Assert.Equal(LatentSyncError.Output, error.Error);
        Assert.Contains("out.mp4", error.Message, StringComparison.Ordinal);
        Assert.Contains("killed", error.Message, StringComparison.Ordinal);
        Assert.Same(error, await Assert.ThrowsAsync<LatentSyncException>(() => writer.CompleteAsync()));
        await writer.DisposeAsync();
        Assert.Empty(_bench.Files);
    }

    [SkippableTheory]
    [InlineData(200_000)]
    [InlineData(30_000)]
    public async Task Write_DiskFull_SaysSoAndLeavesNothing(int bytes)
    {
        using SmallDisk disk = SmallDisk.Mount(_bench["disk"], bytes);
        Random random = new(3);
        RgbImage noise = new(160, 120);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(async () =>
        {
            await using VideoWriter writer = await VideoWriter.CreateAsync(Path.Combine(disk.Folder, "out.mp4"), 160, 120, new VideoWriterOptions { Preset = "ultrafast" });
            for (int i = 0; i < 40; i++)
            {
                random.NextBytes(noise.Span);
                await writer.WriteAsync(noise);
            }

            await writer.CompleteAsync();
        });

        Assert.Equal(LatentSyncError.Output, error.Error);
        Assert.Contains("out.mp4", error.Message, StringComparison.Ordinal);
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Folder));
    }

    [Fact]
    public async Task Complete_NameTakenMeanwhile_KeepsTheOther()
    {
        await using VideoWriter writer = await VideoWriter.CreateAsync(_bench["out.mp4"], 32, 32);
        await writer.WriteAsync(new RgbImage(32, 32));
        File.WriteAllText(_bench["out.mp4"], "precious");

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => writer.CompleteAsync());
        await writer.DisposeAsync();

        Assert.Contains("--overwrite", error.Message, StringComparison.Ordinal);
        Assert.Equal(["out.mp4"], _bench.Files);
        Assert.Equal("precious", File.ReadAllText(_bench["out.mp4"]));
    }

    private async Task<LatentSyncException> Refused(string name, VideoWriterOptions options)
    {
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(
            async () => await VideoWriter.CreateAsync(name.Length == 0 ? name : _bench[name], 32, 32, options));
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }
}
