using LatentSync.Runtime;
using LatentSync.Tests.Support;
using LatentSync.Video;

namespace LatentSync.Tests.Video;

public sealed class VideoReaderTests : IDisposable
{
    private readonly MediaBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(64, 48)]
    [InlineData(65, 49)]
    [InlineData(3, 2)]
    public async Task Read_LosslessRgb_BytesAreExact(int width, int height)
    {
        string clip = _bench.MakeRgb("clip.mkv", width, height, 7);

        await using VideoReader reader = await VideoReader.OpenAsync(clip);
        (List<int> sources, byte[] pixels) = await MediaBench.ReadAllAsync(reader);

        Assert.Equal(Enumerable.Range(0, 7), sources);
        Assert.Equal(_bench.DecodeRgb(clip), pixels);
    }

    [SkippableTheory]
    [MemberData(nameof(ReferenceClips))]
    public async Task Read_ReferenceClip_BytesAreTheStoredRgb(string name)
    {
        string clip = Goldens.Case("pipeline", name);

        await using VideoReader reader = await VideoReader.OpenAsync(clip);
        (List<int> sources, byte[] pixels) = await MediaBench.ReadAllAsync(reader);

        Assert.Equal(reader.Info.EstimateFrameCount(Rational.Fps25), sources.Count);
        Assert.Equal(_bench.DecodeRgb(clip), pixels);
    }

    public static IEnumerable<object[]> ReferenceClips() => Goldens.Files("pipeline", "*.mkv");

    [Fact]
    public async Task Read_30FpsClip_GivesTheNearestFrameForEachTwentyFifthOfASecond()
    {
        string clip = Path.Combine(Goldens.DemoPack, "media", "presenter-30fps-tall.mp4");

        await using VideoReader reader = await VideoReader.OpenAsync(clip);
        (List<int> sources, _) = await MediaBench.ReadAllAsync(reader);

        Assert.Equal((540, 960), (reader.Info.Width, reader.Info.Height));
        Assert.Equal(new Rational(30000, 1001), reader.Info.FrameRate);
        Assert.Equal(100, sources.Count); // 120 frames of 1001/30000 s are 4.004 s
    }

    [Fact]
    public async Task Read_StartAndDuration_AreThoseFrames()
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 32, 50);
        byte[] all = _bench.DecodeRgb(clip);

        await using VideoReader reader = await VideoReader.OpenAsync(
            clip, new VideoReaderOptions { Start = TimeSpan.FromSeconds(0.4), Duration = TimeSpan.FromSeconds(0.6) });
        (List<int> sources, byte[] pixels) = await MediaBench.ReadAllAsync(reader);

        Assert.Equal(15, sources.Count);
        Assert.Equal(all[(10 * 32 * 32 * 3)..(25 * 32 * 32 * 3)], pixels);
    }

    [Theory]
    [InlineData("50", 50)]
    [InlineData("12.5", 13)]
    [InlineData("30000/1001", 30)]
    public async Task Read_OtherFrameRates_CountFollows(string rate, int expected)
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 32, 25);
        Assert.True(Rational.TryParse(rate, out Rational parsed));

        await using VideoReader reader = await VideoReader.OpenAsync(clip, new VideoReaderOptions { FrameRate = parsed });
        (List<int> sources, _) = await MediaBench.ReadAllAsync(reader);

        Assert.Equal(expected, sources.Count);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public async Task Read_RotationMetadata_IsApplied(int metadata)
    {
        string upright = _bench.Make("-f", "lavfi", "-i", "testsrc2=s=64x48:r=25", "-frames:v", "3", "-pix_fmt", "yuv444p", "upright.mp4");
        string rotated = _bench.Make("-i", upright, "-c", "copy", "-metadata:s:v:0", $"rotate={metadata}", "rotated.mp4");

        await using VideoReader reader = await VideoReader.OpenAsync(rotated);
        (List<int> sources, byte[] pixels) = await MediaBench.ReadAllAsync(reader);

        Assert.Equal(metadata == 180 ? (64, 48) : (48, 64), (reader.Info.Width, reader.Info.Height));
        Assert.Equal((64, 48), (reader.Info.CodedWidth, reader.Info.CodedHeight));
        Assert.Equal(3, sources.Count);
        string turn = reader.Info.RotationDegrees switch { 90 => "transpose=clock", 180 => "hflip,vflip", 270 => "transpose=cclock", _ => "null" };
        byte[] expected = _bench.DecodeRgb(upright, "-vf", turn + ",scale=flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact");
        Assert.Equal(expected, pixels);
    }

    [Theory]
    [InlineData("yuv420p10le", "bt2020nc", "smpte2084")]
    [InlineData("yuv422p", "bt709", "bt709")]
    [InlineData("yuvj420p", "smpte170m", "smpte170m")]
    public async Task Read_OtherPixelFormats_ComeAsRgb(string format, string matrix, string transfer)
    {
        string clip = _bench.Make(
            "-f", "lavfi", "-i", "testsrc2=s=64x48:r=25", "-frames:v", "4", "-pix_fmt", format, "-c:v", "libx264", "-colorspace", matrix, "-color_trc", transfer, "clip.mp4");

        await using VideoReader reader = await VideoReader.OpenAsync(clip);
        (List<int> sources, byte[] pixels) = await MediaBench.ReadAllAsync(reader);

        Assert.Equal(matrix, reader.Info.Color.Matrix);
        Assert.Equal(transfer, reader.Info.Color.Transfer);
        Assert.Equal(4, sources.Count);
        Assert.InRange(MediaBench.Psnr(_bench.DecodeRgb(clip), pixels), 25, double.PositiveInfinity); // chroma is interpolated otherwise
    }

    [Fact]
    public async Task Read_LateStart_BeginsWithTheFirstPicture()
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 32, 10);
        string late = _bench.Make("-itsoffset", "2", "-i", clip, "-f", "lavfi", "-i", "sine=d=3", "-c:v", "copy", "-c:a", "pcm_s16le", "late.mkv");

        await using VideoReader reader = await VideoReader.OpenAsync(late);
        (_, byte[] pixels) = await MediaBench.ReadAllAsync(reader);

        Assert.Equal(_bench.DecodeRgb(clip), pixels);
    }

    // Counted from the first picture, as without a start; ffmpeg itself counts from the container's start.
    [Theory]
    [InlineData("mkv")]
    [InlineData("mov")]
    public async Task Read_LateStartAndStart_AreCountedFromTheFirstPicture(string container)
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 32, 50);
        string late = _bench.Make("-itsoffset", "0.48", "-i", clip, "-f", "lavfi", "-i", "sine=d=3", "-c:v", "copy", "-c:a", "pcm_s16le", "late." + container);

        await using VideoReader reader = await VideoReader.OpenAsync(late, new VideoReaderOptions { Start = TimeSpan.FromSeconds(1) });
        (_, byte[] pixels) = await MediaBench.ReadAllAsync(reader);

        Assert.Equal(_bench.DecodeRgb(clip)[(25 * 32 * 32 * 3)..], pixels);
    }

    [Fact]
    public async Task Read_SizeChangesOnTheWay_FramesKeepTheFirstSize()
    {
        string small = _bench.Make("-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=0.2", "-c:v", "mpeg2video", "small.ts");
        string large = _bench.Make("-f", "lavfi", "-i", "testsrc2=s=96x80:r=25:d=0.2", "-c:v", "mpeg2video", "large.ts");
        File.WriteAllBytes(_bench["both.ts"], [.. File.ReadAllBytes(small), .. File.ReadAllBytes(large)]);

        await using VideoReader reader = await VideoReader.OpenAsync(_bench["both.ts"]);
        (List<int> sources, byte[] pixels) = await MediaBench.ReadAllAsync(reader);

        Assert.Equal(sources.Count * reader.Info.Width * reader.Info.Height * 3, pixels.Length);
        Assert.InRange(sources.Count, 5, 12);
    }

    [Fact]
    public async Task Read_CutWithoutIndexAtTheEnd_NamesFileAndFix()
    {
        string clip = _bench.Make("-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=4", "-c:v", "libx264", "whole.mkv");
        byte[] bytes = File.ReadAllBytes(clip);
        File.WriteAllBytes(_bench["cut.mkv"], bytes[..(bytes.Length / 2)]);

        await using VideoReader reader = await VideoReader.OpenAsync(_bench["cut.mkv"]);
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => MediaBench.ReadAllAsync(reader));

        Assert.Equal(LatentSyncError.Media, error.Error);
        Assert.Contains("cut.mkv", error.Message, StringComparison.Ordinal);
        Assert.Contains("--duration", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Read_DamageInPlaces_GivesAllFramesAndOneWarning()
    {
        string clip = _bench.Make("-f", "lavfi", "-i", "testsrc2=s=128x96:r=25:d=4", "-c:v", "libx264", "-bf", "0", "clip.mkv");
        byte[] bytes = File.ReadAllBytes(clip);
        bytes.AsSpan(bytes.Length / 2, 40).Fill(0x5A);
        File.WriteAllBytes(clip, bytes);
        List<string> warnings = [];

        await using VideoReader reader = await VideoReader.OpenAsync(clip, new VideoReaderOptions { Warning = warnings.Add });
        (List<int> sources, _) = await MediaBench.ReadAllAsync(reader);

        Assert.InRange(sources.Count, 97, 100);
        Assert.Contains("clip.mkv", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_InTheMiddle_EndsFfmpegAndLeavesNothing()
    {
        string clip = _bench.MakeRgb("clip.mkv", 320, 240, 50);
        VideoReader reader = await VideoReader.OpenAsync(clip, new VideoReaderOptions { ReadAhead = 2 });
        (await reader.ReadFrameAsync())!.Dispose();

        await reader.DisposeAsync();

        Assert.Empty(RunningFfmpeg.On(clip));
    }

    [Fact]
    public async Task Read_Cancelled_StopsWaiting()
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 32, 5);
        await using VideoReader reader = await VideoReader.OpenAsync(clip);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadFrameAsync(new CancellationToken(canceled: true)));
    }

    [SkippableFact]
    public async Task Read_FfmpegKilled_NamesTheFile()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "finds ffmpeg in /proc");
        string clip = _bench.MakeRgb("clip.mkv", 320, 240, 200);
        await using VideoReader reader = await VideoReader.OpenAsync(clip, new VideoReaderOptions { ReadAhead = 1 });
        (await reader.ReadFrameAsync())!.Dispose();

        RunningFfmpeg.KillOn(clip);
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(async () =>
        {
            while (await reader.ReadFrameAsync() is { } frame)
            {
                frame.Dispose();
            }
        });

        Assert.Contains("clip.mkv", error.Message, StringComparison.Ordinal);
        Assert.Contains("killed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 5, "--start")]
    [InlineData(0, -1, "--duration")]
    [InlineData(99, 5, "--start")]
    public async Task Open_SenselessRange_IsUsageError(double start, double duration, string fix)
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 32, 5);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => VideoReader.OpenAsync(
            clip, new VideoReaderOptions { Start = TimeSpan.FromSeconds(start), Duration = TimeSpan.FromSeconds(duration) }));

        Assert.Equal(LatentSyncError.Usage, error.Error);
        Assert.Contains(fix, error.Message, StringComparison.Ordinal);
    }
}
