using LatentSync.Audio;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Audio;

public class AudioDecoderTests
{
    [Theory]
    [InlineData(8000, 1)]
    [InlineData(22050, 1)]
    [InlineData(44100, 2)]
    [InlineData(48000, 6)]
    public async Task Decode_AnyRateAndChannels_KeepsTheExactLength(int rate, int channels)
    {
        using TemporaryFolder folder = new();
        string file = WaveFile.Write(folder.File("in.wav"), rate + 7, rate, channels);
        using PcmRecording recording = await AudioDecoder.DecodeAsync(file, folder.Path);
        Assert.Equal(rate + 7, recording.DecodedSampleCount);
        Assert.Equal(rate, recording.DecodedSampleRate);

        // The resampler rounds the last sample, up or down.
        Assert.InRange(recording.SampleCount, (long)((rate + 7) * 16000.0 / rate) - 1, (long)((rate + 7) * 16000.0 / rate) + 1);
    }

    [Fact]
    public async Task Read_SixteenBitSamples_AreDividedBy32768()
    {
        using TemporaryFolder folder = new();
        string file = WaveFile.Write(folder.File("in.wav"), 4000);
        using PcmRecording recording = await AudioDecoder.DecodeAsync(file, folder.Path);
        float[] samples = new float[3000];
        recording.Read(1000, samples);
        Assert.Equal([.. Enumerable.Range(1000, 3000).Select(i => (short)(10000 * Math.Sin(i * 0.1)) / 32768f)], samples);
    }

    [SkippableTheory]
    [InlineData("-i.wav")]
    [InlineData("with \"quotes\" and 'more'.wav")]
    [InlineData("ends in a backslash\\")]
    [InlineData("a\\\"b.wav")]
    [InlineData("日本語 – Größe.wav")]
    [InlineData("%03d$HOME`id`;*.wav")]
    [InlineData("http:speech")]
    [InlineData("concat:a|b")]
    [InlineData("pipe:0")]
    public async Task Decode_AwkwardNames_AreOnlyNames(string name)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows does not allow these names");
        using TemporaryFolder folder = new();
        string file = WaveFile.Write(folder.File(name), 1600);
        using PcmRecording recording = await AudioDecoder.DecodeAsync(file, folder.Path);
        Assert.Equal(1600, recording.SampleCount);
    }

    [Fact]
    public async Task Decode_Part_GivesThatPart()
    {
        using TemporaryFolder folder = new();
        string file = WaveFile.Write(folder.File("in.wav"), 32000);
        AudioDecodeOptions options = new() { Start = TimeSpan.FromSeconds(0.5), Duration = TimeSpan.FromSeconds(1) };
        using PcmRecording whole = await AudioDecoder.DecodeAsync(file, folder.Path);
        using PcmRecording part = await AudioDecoder.DecodeAsync(file, folder.Path, options);
        float[] expected = new float[16000], actual = new float[16000];
        whole.Read(8000, expected);
        part.Read(0, actual);
        Assert.Equal(16000, part.SampleCount);
        Assert.Equal(16000, part.DecodedSampleCount);
        Assert.Equal(expected, actual);
    }

    // The output's sound is cut at the same sample, see Write_LateAudioAndStart_IsCutWhereTheAnalysisIs.
    [Fact]
    public async Task Decode_PartOfAStreamThatStartsLate_IsCountedFromItsFirstSample()
    {
        using TemporaryFolder folder = new();
        string sound = WaveFile.Write(folder.File("sound.wav"), 32000);
        string late = folder.File("late.mkv");
        await Ffmpeg.RunAsync("-f", "lavfi", "-i", "color=s=64x64:d=3:r=25", "-itsoffset", "0.5", "-i", sound, "-c:v", "ffv1", "-c:a", "pcm_s16le", late);
        AudioDecodeOptions options = new() { Start = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromSeconds(0.5) };

        using PcmRecording whole = await AudioDecoder.DecodeAsync(sound, folder.Path);
        using PcmRecording part = await AudioDecoder.DecodeAsync(late, folder.Path, options);

        float[] expected = new float[8000], actual = new float[8000];
        whole.Read(16000, expected);
        part.Read(0, actual);
        Assert.Equal(8000, part.SampleCount);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(32044u)] // the header counted in
    [InlineData(0x7FFFF000u)]
    [InlineData(0xFFFFFFFFu)]
    public async Task Decode_WaveWithoutItsTrueLength_IsAccepted(uint statedBytes)
    {
        using TemporaryFolder folder = new();
        string file = WaveFile.Write(folder.File("in.wav"), 16000, statedBytes: statedBytes);
        using PcmRecording recording = await AudioDecoder.DecodeAsync(file, folder.Path);
        Assert.Equal(16000, recording.SampleCount);
    }

    [Fact]
    public async Task Dispose_RemovesTheSpool()
    {
        using TemporaryFolder folder = new();
        string file = WaveFile.Write(folder.File("in.wav"), 16000);
        string spool = folder.File("spool");
        (await AudioDecoder.DecodeAsync(file, spool)).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(spool));
    }

    [Fact]
    public async Task ComputeHash_SameSoundInAnotherFile_IsTheSame()
    {
        using TemporaryFolder folder = new();
        using PcmRecording first = await AudioDecoder.DecodeAsync(WaveFile.Write(folder.File("a.wav"), 16000), folder.Path);
        using PcmRecording second = await AudioDecoder.DecodeAsync(WaveFile.Write(folder.File("b.wav"), 16000, statedBytes: 0xFFFFFFFF), folder.Path);
        using PcmRecording other = await AudioDecoder.DecodeAsync(WaveFile.Write(folder.File("c.wav"), 16001), folder.Path);
        Assert.Equal(first.ComputeHash(), second.ComputeHash());
        Assert.NotEqual(first.ComputeHash(), other.ComputeHash());
    }

    [Fact]
    public async Task Decode_VideoWithSound_TakesTheSound()
    {
        using TemporaryFolder folder = new();
        string sound = WaveFile.Write(folder.File("sound.wav"), 16000);
        string video = folder.File("video.mkv");
        await Ffmpeg.RunAsync("-f", "lavfi", "-i", "color=s=64x64:d=3:r=25", "-i", sound, "-c:v", "ffv1", "-c:a", "pcm_s16le", video);
        using PcmRecording recording = await AudioDecoder.DecodeAsync(video, folder.Path);
        Assert.Equal(16000, recording.SampleCount);
    }
}
