using LatentSync.Audio;
using LatentSync.Kernels;
using LatentSync.Video;

namespace LatentSync.Tests.Video;

public sealed class VideoWriterTests : IDisposable
{
    private readonly MediaBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Write_WithSpeech_HasAllFramesTheRecordingAndTheIndexInFront()
    {
        string speech = _bench.Make("-f", "lavfi", "-i", "sine=f=440:r=44100:d=1.5", "-af", "pan=stereo|c0=c0|c1=0.5*c0", "speech.wav");

        VideoOutput output = await WriteAsync("out.mp4", 64, 48, 38, new VideoWriterOptions { AudioPath = speech });

        Assert.Equal((38, 64, 48), (output.FrameCount, output.Width, output.Height));
        Assert.Equal("h264,yuv420p,25/1,38", _bench.Probe(output.Path, "v", "codec_name,pix_fmt,r_frame_rate,nb_frames"));
        Assert.Equal("aac,44100,2", _bench.Probe(output.Path, "a", "codec_name,sample_rate,channels"));
        Assert.Equal(1.5, (await MediaProbe.ProbeAudioAsync(output.Path)).Duration!.Value.TotalSeconds, 0.03); // a frame of AAC is 23 ms
        AssertIndexInFront(output.Path);
        Assert.Equal(["out.mp4", "speech.wav"], _bench.Files);
    }

    [Fact]
    public async Task Write_AudioRange_IsCutThere()
    {
        string speech = _bench.Make("-f", "lavfi", "-i", "sine=r=16000:d=4", "speech.wav");

        VideoOutput output = await WriteAsync("out.mkv", 32, 32, 25, new VideoWriterOptions
        {
            AudioPath = speech,
            AudioStart = TimeSpan.FromSeconds(1),
            AudioDuration = TimeSpan.FromSeconds(1),
        });

        byte[] pcm = File.ReadAllBytes(_bench.Make("-i", output.Path, "-f", "s16le", "-ac", "1", "sound.raw"));
        Assert.Equal(16000, pcm.Length / 2, 2048.0); // AAC pads its last frame of 1024 samples
    }

    [Fact]
    public async Task Write_AudioThatStartsLate_IsHeardFromTheFirstFrame()
    {
        string sine = _bench.Make("-f", "lavfi", "-i", "sine=r=16000:d=1", "sine.wav");
        string late = _bench.Make("-itsoffset", "3", "-i", sine, "-f", "lavfi", "-i", "testsrc2=s=32x32:d=4", "-c:a", "flac", "late.mkv");

        VideoOutput output = await WriteAsync("out.mp4", 32, 32, 25, new VideoWriterOptions { AudioPath = late });

        Assert.Equal(1.0, (await MediaProbe.ProbeAudioAsync(output.Path)).Duration!.Value.TotalSeconds, 0.1);
    }

    // Silence with one second of tone in it: where the tone begins shows what was cut off, in the output as in what is analysed.
    [Fact]
    public async Task Write_LateAudioAndStart_IsCutWhereTheAnalysisIs()
    {
        string burst = _bench.Make("-f", "lavfi", "-i", "aevalsrc=if(between(t\\,1.3\\,2.3)\\,sin(3000*t)\\,0):s=16000:d=3", "burst.wav");
        string late = _bench.Make("-f", "lavfi", "-i", "testsrc2=s=32x32:d=4", "-itsoffset", "0.5", "-i", burst, "-c:a", "flac", "late.mkv");

        VideoOutput output = await WriteAsync("out.mp4", 32, 32, 50, new VideoWriterOptions { AudioPath = late, AudioStart = TimeSpan.FromSeconds(1) });

        using PcmRecording heard = await AudioDecoder.DecodeAsync(output.Path, _bench.Folder);
        using PcmRecording analysed = await AudioDecoder.DecodeAsync(late, _bench.Folder, new AudioDecodeOptions { Start = TimeSpan.FromSeconds(1) });

        // AAC blurs a block of 1024 samples around the onset.
        Assert.Equal(0.3 * 16000, Onset(analysed), 160.0);
        Assert.Equal(Onset(analysed), Onset(heard), 1024.0);
    }

    public static TheoryData<string?, string?> Colors { get; } = new()
    {
        { null, null },
        { "tv", "bt709" },
        { "pc", "bt709" },
        { "tv", "smpte170m" },
        { "pc", "bt470bg" },
        { "tv", "bt2020nc" },
    };

    [Theory]
    [MemberData(nameof(Colors))]
    public async Task Write_ColorTags_ComeBackWithTheirColors(string? range, string? matrix)
    {
        VideoColor color = new(range, matrix, matrix is null or "bt2020nc" ? null : matrix, matrix is null or "bt470bg" or "bt2020nc" ? null : matrix);

        VideoOutput output = await WriteAsync("out.mp4", 96, 64, 3, new VideoWriterOptions { Color = color, Crf = 0 });

        await using VideoReader reader = await VideoReader.OpenAsync(output.Path);
        (_, byte[] pixels) = await MediaBench.ReadAllAsync(reader);
        Assert.Equal(color, reader.Info.Color);
        byte[] expected = [.. Enumerable.Range(0, 3).SelectMany(i => MediaBench.Gradient(96, 64, i).Span.ToArray())];

        // CRF 0 is lossless after 4:2:0 subsampling; on a smooth picture what is left is rounding to 8 bits of YUV (about 1 in 255, 46 dB).
        Assert.InRange(MediaBench.Psnr(expected, pixels), 42, double.PositiveInfinity);

        // And others read the same colours from the tags: wrong tags would cost 20 dB and more.
        Assert.InRange(MediaBench.Psnr(expected, _bench.DecodeRgb(output.Path)), 38, double.PositiveInfinity);
    }

    [Theory]
    [InlineData("tv", "bt709")]
    [InlineData("pc", "smpte170m")]
    [InlineData("tv", "ycgco")]
    public async Task Write_FramesOfASource_GiveItsYuvBack(string range, string matrix)
    {
        string source = _bench.Make(
            "-f", "lavfi", "-i", "gradients=s=96x64:r=25:d=0.2:x0=0:y0=0:x1=95:y1=63:c0=0x405060:c1=0xb0a080:nb_colors=2,format=yuv420p", "-c:v", "libx264", "-qp", "0",
            "-color_range", range, "-colorspace", matrix, "source.mp4");
        await using VideoReader reader = await VideoReader.OpenAsync(source);
        await using VideoWriter writer = await VideoWriter.CreateAsync(
            _bench["out.mp4"], 96, 64, new VideoWriterOptions { Color = reader.Info.Color, Crf = 0, Inputs = [source] });
        while (await reader.ReadFrameAsync() is { } frame)
        {
            using (frame)
            {
                await writer.WriteAsync(frame.Image);
            }
        }

        VideoOutput output = await writer.CompleteAsync();

        Assert.Equal(reader.Info.Color, (await MediaProbe.ProbeVideoAsync(output.Path)).Color);
        byte[] before = File.ReadAllBytes(_bench.Make("-i", source, "-f", "rawvideo", "before.yuv"));
        byte[] after = File.ReadAllBytes(_bench.Make("-i", output.Path, "-f", "rawvideo", "after.yuv"));
        Assert.InRange(MediaBench.Psnr(before, after), 45, double.PositiveInfinity); // rounding to RGB and back
    }

    [Fact]
    public async Task Write_RgbSource_IsTaggedBt709()
    {
        string clip = _bench.MakeRgb("clip.mkv", 32, 32, 2);

        VideoOutput output = await WriteAsync("out.mp4", 32, 32, 2, new VideoWriterOptions { Color = (await MediaProbe.ProbeVideoAsync(clip)).Color });

        Assert.Equal(VideoColor.Bt709, (await MediaProbe.ProbeVideoAsync(output.Path)).Color);
    }

    [Theory]
    [InlineData(33, 25)]
    [InlineData(32, 25)]
    [InlineData(33, 24)]
    [InlineData(1, 1)]
    public async Task Write_OddSize_RepeatsTheEdge(int width, int height)
    {
        VideoOutput output = await WriteAsync("out.mp4", width, height, 2, new VideoWriterOptions { Crf = 0 });

        Assert.Equal((width + (width & 1), height + (height & 1)), (output.Width, output.Height));
        byte[] pixels = _bench.DecodeRgb(output.Path);
        RgbImage expected = MediaBench.Gradient(width, height, 0);
        for (int y = 0; y < output.Height; y++)
        {
            int x = output.Width - 1;
            byte stored = pixels[((y * output.Width) + x) * 3];
            Assert.Equal(expected.Span[((Math.Min(y, height - 1) * width) + Math.Min(x, width - 1)) * 3], stored, 12.0); // chroma is shared by 2x2 pixels
        }
    }

    [Fact]
    public async Task Write_PixelShape_IsPassedOn()
    {
        VideoOutput output = await WriteAsync("out.mov", 32, 32, 2, new VideoWriterOptions { SampleAspectRatio = new Rational(4, 3) });

        Assert.Equal(new Rational(4, 3), (await MediaProbe.ProbeVideoAsync(output.Path)).SampleAspectRatio);
    }

    [Fact]
    public async Task Write_FractionalRate_IsExact()
    {
        VideoOutput output = await WriteAsync("out.mp4", 32, 32, 30, new VideoWriterOptions { FrameRate = new Rational(30000, 1001) });

        Assert.Equal(new Rational(30000, 1001), (await MediaProbe.ProbeVideoAsync(output.Path)).FrameRate);
    }

    [Fact]
    public async Task Write_SameFramesTwice_SameBytes()
    {
        VideoWriterOptions options = new() { Threads = 2 };
        VideoOutput first = await WriteAsync("a.mp4", 64, 48, 20, options);
        VideoOutput second = await WriteAsync("b.mp4", 64, 48, 20, options);

        Assert.Equal(File.ReadAllBytes(first.Path), File.ReadAllBytes(second.Path));
    }

    [Theory]
    [InlineData("-x.mp4")]
    [InlineData("it's \"quoted\" ü %03d.mp4")]
    [InlineData("pipe:1.mp4")]
    public async Task Write_AwkwardName_IsJustAFile(string name)
    {
        await WriteAsync(name, 32, 32, 2, new VideoWriterOptions());

        Assert.Equal([name], _bench.Files);
    }

    [Fact]
    public async Task Write_LongestName_Fits()
    {
        string name = new string('é', 120) + ".mp4"; // 244 bytes; the partial file's name must not go past 255

        await WriteAsync(name, 32, 32, 2, new VideoWriterOptions());

        Assert.Equal([name], _bench.Files);
    }

    [Fact]
    public async Task Write_WrongSize_IsRefused()
    {
        await using VideoWriter writer = await VideoWriter.CreateAsync(_bench["out.mp4"], 32, 32);

        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteAsync(new RgbImage(32, 31)));
    }

    private async Task<VideoOutput> WriteAsync(string name, int width, int height, int frames, VideoWriterOptions options)
    {
        await using VideoWriter writer = await VideoWriter.CreateAsync(_bench[name], width, height, options);
        for (int i = 0; i < frames; i++)
        {
            await writer.WriteAsync(MediaBench.Gradient(width, height, i));
        }

        return await writer.CompleteAsync();
    }

    private static double Onset(PcmRecording recording)
    {
        float[] samples = new float[recording.SampleCount];
        recording.Read(0, samples);
        return Array.FindIndex(samples, sample => Math.Abs(sample) > 0.3);
    }

    private static void AssertIndexInFront(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        Assert.InRange(bytes.AsSpan().IndexOf("moov"u8), 1, bytes.AsSpan().IndexOf("mdat"u8));
    }
}
