using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Tests.Video;

public sealed class LoopingVideoSourceTests : IDisposable
{
    private const int FrameBytes = 32 * 24 * 3;
    private readonly MediaBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 9)]
    [InlineData(7, 7)]
    [InlineData(7, 8)]
    [InlineData(7, 11)]
    [InlineData(7, 12)]
    [InlineData(3, 7)]
    [InlineData(1, 2)]
    [InlineData(7, 40)]
    [InlineData(12, 5)]
    public async Task Read_AnyLengths_GivesPingPongOrderBitForBit(int count, int needed)
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 24, count);
        byte[] stored = _bench.DecodeRgb(clip);
        string temp = Directory.CreateDirectory(_bench["temp"]).FullName;

        await using (LoopingVideoSource source = await LoopingVideoSource.OpenAsync(clip, needed, new LoopingVideoOptions { TempDirectory = temp }))
        {
            (List<int> sources, byte[] pixels) = await MediaBench.ReadAllAsync(source);

            int[] expected = [.. Enumerable.Range(0, needed).Select(i => PingPong.SourceIndex(i, count))];
            Assert.Equal(expected, sources);
            Assert.Equal(expected.SelectMany(i => stored[(i * FrameBytes)..((i + 1) * FrameBytes)]), pixels);
            Assert.Equal(needed > count ? count : null, source.SourceCount);
        }

        Assert.Empty(Directory.GetFileSystemEntries(temp));
    }

    [Fact]
    public async Task Read_ContainerPromisesTooMuch_DecodesAgainAndLoops()
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 24, 6);
        byte[] stored = _bench.DecodeRgb(clip);
        VideoInfo wrong = (await MediaProbe.ProbeVideoAsync(clip)) with { Duration = TimeSpan.FromSeconds(100) };
        List<SpoolStatus> announced = [];

        await using LoopingVideoSource source = LoopingVideoSource.Open(wrong, 15, new LoopingVideoOptions { Spooling = announced.Add });
        (List<int> sources, byte[] pixels) = await MediaBench.ReadAllAsync(source);

        Assert.Equal([0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0, 0, 1, 2], sources);
        Assert.Equal(stored[..FrameBytes], pixels[(11 * FrameBytes)..(12 * FrameBytes)]);
        Assert.Equal([false, true], announced.Select(a => a.IsComplete));
    }

    // A video as long as its speech: jobs ask for a frame or two more than that.
    [Theory]
    [InlineData(20, 22)]
    [InlineData(20, 24)]
    public async Task Read_FewFramesMissing_KeepsNothingOnTheDisk(int count, int needed)
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 24, count);
        byte[] stored = _bench.DecodeRgb(clip);
        List<SpoolStatus> announced = [];

        await using LoopingVideoSource source = await LoopingVideoSource.OpenAsync(clip, needed, new LoopingVideoOptions { Spooling = announced.Add });
        (List<int> sources, byte[] pixels) = await MediaBench.ReadAllAsync(source);

        Assert.Equal(Enumerable.Range(0, needed).Select(i => PingPong.SourceIndex(i, count)), sources);
        Assert.Equal(stored[((count - 2) * FrameBytes)..((count - 1) * FrameBytes)], pixels[((count + 1) * FrameBytes)..((count + 2) * FrameBytes)]);
        Assert.Empty(announced);
    }

    // The container's length is a frame too long for what memory holds.
    [Fact]
    public async Task Read_FewFramesMissingByAWrongLength_DecodesAgainAndLoops()
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 24, 20);
        byte[] stored = _bench.DecodeRgb(clip);
        VideoInfo wrong = (await MediaProbe.ProbeVideoAsync(clip)) with { Duration = TimeSpan.FromSeconds(0.84) };

        await using LoopingVideoSource source = LoopingVideoSource.Open(wrong, 25, new LoopingVideoOptions());
        (List<int> sources, byte[] pixels) = await MediaBench.ReadAllAsync(source);

        Assert.Equal(Enumerable.Range(0, 25).Select(i => PingPong.SourceIndex(i, 20)), sources);
        Assert.Equal(stored[(15 * FrameBytes)..(16 * FrameBytes)], pixels[^FrameBytes..]);
    }

    [Fact]
    public async Task Read_LengthUnknown_KeepsFramesAndLoops()
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 24, 4);
        VideoInfo unknown = (await MediaProbe.ProbeVideoAsync(clip)) with { Duration = null };
        List<SpoolStatus> announced = [];

        await using LoopingVideoSource source = LoopingVideoSource.Open(unknown, 6, new LoopingVideoOptions { Spooling = announced.Add });
        (List<int> sources, _) = await MediaBench.ReadAllAsync(source);

        Assert.Equal([0, 1, 2, 3, 3, 2], sources);
        Assert.Equal((4, true), (announced[^1].FrameCount, announced[^1].IsComplete));
        Assert.True(announced[^1].SizeInBytes > 0);
    }

    [Fact]
    public async Task Read_LongEnough_KeepsNothing()
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 24, 20);
        List<SpoolStatus> announced = [];

        await using LoopingVideoSource source = await LoopingVideoSource.OpenAsync(clip, 12, new LoopingVideoOptions { Spooling = announced.Add });
        (List<int> sources, _) = await MediaBench.ReadAllAsync(source);

        Assert.Equal(12, sources.Count);
        Assert.Empty(announced);
    }

    [Fact]
    public async Task Dispose_InTheMiddle_LeavesNothing()
    {
        string clip = _bench.MakeRgb("clip.mkv", 320, 240, 30);
        string temp = Directory.CreateDirectory(_bench["temp"]).FullName;
        LoopingVideoSource source = await LoopingVideoSource.OpenAsync(clip, 500, new LoopingVideoOptions { TempDirectory = temp });
        for (int i = 0; i < 40; i++)
        {
            (await source.ReadFrameAsync())!.Dispose();
        }

        await source.DisposeAsync();

        Assert.Empty(RunningFfmpeg.On(clip));
        Assert.Empty(Directory.GetFileSystemEntries(temp));
    }

    [SkippableFact]
    public async Task Read_TempFolderFills_SaysSo()
    {
        using SmallDisk disk = SmallDisk.Mount(_bench["disk"], 64 * 1024);
        string clip = _bench.Make("-f", "lavfi", "-i", "nullsrc=s=160x120:r=25,geq=random(1)*255:128:128", "-frames:v", "10", "-c:v", "libx264rgb", "-qp", "0", "noise.mkv");

        await using LoopingVideoSource source = await LoopingVideoSource.OpenAsync(clip, 30, new LoopingVideoOptions { TempDirectory = disk.Folder });
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => MediaBench.ReadAllAsync(source));

        Assert.Equal(LatentSyncError.Output, error.Error);
        Assert.Contains("--temp-dir", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_TempFolderMissing_NamesItAndTheOption()
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 24, 4);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(
            () => LoopingVideoSource.OpenAsync(clip, 9, new LoopingVideoOptions { TempDirectory = _bench["absent"] }));

        Assert.Contains("absent", error.Message, StringComparison.Ordinal);
        Assert.Contains("--temp-dir", error.Message, StringComparison.Ordinal);
    }
}
