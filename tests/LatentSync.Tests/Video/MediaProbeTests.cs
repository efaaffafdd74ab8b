using LatentSync.Runtime;
using LatentSync.Tests.Support;
using LatentSync.Video;
using LatentSync.Video.FFmpeg;

namespace LatentSync.Tests.Video;

public sealed class MediaProbeTests : IDisposable
{
    private readonly MediaBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task ProbeVideo_TaggedClip_SaysWhatIsInIt()
    {
        string clip = _bench.Make(
            "-f", "lavfi", "-i", "testsrc2=s=64x48:r=30000/1001:d=2", "-f", "lavfi", "-i", "sine=r=44100:d=2", "-vf", "setsar=4/3", "-pix_fmt", "yuv420p", "-c:v", "libx264",
            "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "clip.mp4");

        VideoInfo info = await MediaProbe.ProbeVideoAsync(clip);

        Assert.Equal((64, 48, 64, 48), (info.Width, info.Height, info.CodedWidth, info.CodedHeight));
        Assert.Equal(new Rational(30000, 1001), info.FrameRate);
        Assert.Equal(new Rational(4, 3), info.SampleAspectRatio);
        Assert.Equal(VideoColor.Bt709, info.Color);
        Assert.Equal(("h264", "yuv420p", true, 0), (info.Codec, info.PixelFormat, info.HasAudio, info.RotationDegrees));
        Assert.InRange(info.Duration!.Value.TotalSeconds, 1.99, 2.03);
        Assert.Equal(50, info.EstimateFrameCount(Rational.Fps25)!.Value, 1.0);
        Assert.Equal(25, info.EstimateFrameCount(Rational.Fps25, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task ProbeAudio_StereoInAVideo_IsFound()
    {
        string clip = _bench.Make("-f", "lavfi", "-i", "testsrc2=s=64x48:d=1", "-f", "lavfi", "-i", "sine=r=44100:d=1", "-ac", "2", "clip.mp4");

        AudioInfo info = await MediaProbe.ProbeAudioAsync(clip);

        Assert.Equal((44100, 2, "aac"), (info.SampleRate, info.Channels, info.Codec));
    }

    [SkippableTheory]
    [InlineData("-x.mp4")]
    [InlineData("concat:a|b.mp4")]
    [InlineData("http:--x.mp4")]
    [InlineData("it's \"quoted\" \\ & $(x).mp4")]
    [InlineData("Größe 日本 😀.mp4")]
    [InlineData("frame%03d.mp4")]
    public async Task ProbeAndRead_AwkwardNames_AreJustFiles(string name)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "such names exist on Linux");
        File.Move(_bench.MakeRgb("clip.mkv", 32, 24, 3), _bench[name]);

        await using VideoReader reader = await VideoReader.OpenAsync(_bench[name]);
        (List<int> sources, _) = await MediaBench.ReadAllAsync(reader);

        Assert.Equal(3, sources.Count);
    }

    [Fact]
    public async Task ProbeAndRead_PictureNamedLikeASeries_IsThatOnePicture()
    {
        File.Move(_bench.Make("-f", "lavfi", "-i", "testsrc2=s=32x24", "-frames:v", "1", "one.png"), _bench["still%03d.png"]);
        File.WriteAllText(_bench["still001.png"], "not this one");

        await using VideoReader reader = await VideoReader.OpenAsync(_bench["still%03d.png"]);
        (List<int> sources, _) = await MediaBench.ReadAllAsync(reader);

        Assert.Single(sources);
    }

    public static TheoryData<string, string> Hostile { get; } = new()
    {
        { "missing.mp4", "does not exist" },
        { "folder.mp4", "folder" },
        { "empty.mp4", "empty" },
        { "text.mp4", "not a video" },
        { "text.txt", "not a video" },
        { "ansi.ans", "not a video" },
        { "truncated.mp4", "incomplete" },
        { "truncated-faststart.mp4", "cut off" },
        { "playlist.m3u8", "not a video" },
        { "sound.wav", "only audio" },
        { "cover.mp3", "only audio" },
        { "", "file name" },
        { "zero\0byte.mp4", "file name" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task ProbeVideo_HostileInput_OneLineWithFileAndFix(string name, string says)
    {
        MakeHostile(name);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(
            () => MediaProbe.ProbeVideoAsync(name.Length == 0 ? name : _bench[name]));

        Assert.Equal(LatentSyncError.Media, error.Error);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(name.Split('\0')[0], error.Message, StringComparison.Ordinal);
        Assert.Contains(": ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task ProbeAudio_SilentVideo_SaysSo()
    {
        string clip = _bench.MakeRgb("silent.mkv", 32, 24, 2);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => MediaProbe.ProbeAudioAsync(clip));

        Assert.Contains("silent.mkv", error.Message, StringComparison.Ordinal);
        Assert.Contains("no sound", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task ProbeVideo_NoPermission_SaysSo()
    {
        Skip.If(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "root may read everything");
        string clip = _bench.MakeRgb("secret.mkv", 32, 24, 2);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(clip, UnixFileMode.None);
        }

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => MediaProbe.ProbeVideoAsync(clip));

        Assert.Contains("permissions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProbeVideo_LineBreakInTheName_MessageStaysOneLine()
    {
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => MediaProbe.ProbeVideoAsync(_bench["a\nb\u001b[31m.mp4"]));

        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain('\u001b', error.Message);
    }

    [Fact]
    public async Task ProbeVideo_Cancelled_IsCancelled()
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 24, 2);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MediaProbe.ProbeVideoAsync(clip, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void FindTool_NotOnThePath_NamesThePackage()
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => FFmpegTools.Find("ffprobe", _bench.Folder));

        Assert.Equal(LatentSyncError.Environment, error.Error);
        Assert.Contains("apt-get install ffmpeg", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("25", 25, 1)]
    [InlineData("29.97", 2997, 100)]
    [InlineData("30000/1001", 30000, 1001)]
    [InlineData("50/2", 25, 1)]
    [InlineData("4:3", 4, 3)]
    public void RationalTryParse_GoodText_IsExact(string text, int numerator, int denominator)
    {
        Assert.True(Rational.TryParse(text, out Rational value));
        Assert.Equal(new Rational(numerator, denominator), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0/0")]
    [InlineData("25/0")]
    [InlineData("-25")]
    [InlineData("1e9")]
    [InlineData("a/b")]
    public void RationalTryParse_BadText_IsRefused(string text) => Assert.False(Rational.TryParse(text, out _));

    private void MakeHostile(string name)
    {
        string clip = Path.Combine(Goldens.DemoPack, "media", "presenter.mp4");
        switch (name)
        {
            case "folder.mp4":
                Directory.CreateDirectory(_bench[name]);
                break;
            case "empty.mp4":
                File.WriteAllText(_bench[name], string.Empty);
                break;
            case "text.mp4" or "text.txt":
                File.WriteAllText(_bench[name], string.Concat(Enumerable.Repeat("hello world\n", 100)));
                break;
            case "ansi.ans":
                File.WriteAllText(_bench[name], "\u001b[31mred\u001b[0m\n" + new string('x', 2000));
                break;
            case "playlist.m3u8":
                File.WriteAllText(_bench[name], "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n");
                break;
            case "truncated.mp4":
                Cut(clip, name);
                break;
            case "truncated-faststart.mp4":
                Cut(_bench.Make("-i", clip, "-c", "copy", "-movflags", "+faststart", "faststart.mp4"), name);
                break;
            case "sound.wav":
                _bench.Make("-f", "lavfi", "-i", "sine=d=1", name);
                break;
            case "cover.mp3":
                string picture = _bench.Make("-f", "lavfi", "-i", "testsrc2=s=64x64", "-frames:v", "1", "cover.png");
                _bench.Make("-f", "lavfi", "-i", "sine=d=1", "-i", picture, "-map", "0", "-map", "1", "-c:v", "png", "-disposition:v", "attached_pic", name);
                break;
        }
    }

    private void Cut(string whole, string name)
    {
        byte[] bytes = File.ReadAllBytes(whole);
        File.WriteAllBytes(_bench[name], bytes[..(bytes.Length * 2 / 3)]);
    }
}
