using System.Diagnostics;
using System.Globalization;
using LatentSync.Audio;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Audio;

/// <summary>Whatever is wrong with the input or the machine: one line that names the file, and nothing left in the temporary folder.</summary>
public sealed class AudioDecoderFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(" with a space, 'quote' and ü");

    private string Spool => _folder.File("spool");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Decode_Missing_Throws() => FailsAsync(_folder.File("no such.wav"), "no such file");

    [Fact]
    public Task Decode_Folder_Throws() => FailsAsync(_folder.Path, "is a folder");

    [Fact]
    public Task Decode_Url_Throws() => FailsAsync("http://127.0.0.1/speech.wav", "no such file");

    [Fact]
    public Task Decode_Empty_Throws() => FailsAsync(Write("empty.wav", []), "is empty");

    [Fact]
    public Task Decode_Text_Throws() => FailsAsync(Write("speech.wav", "This is not a recording.\n"u8.ToArray()), "cannot be decoded");

    [Fact]
    public Task Decode_Playlist_CannotReachOtherProtocols() =>
        FailsAsync(Write("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"u8.ToArray()), "cannot be decoded");

    [Fact]
    public Task Decode_NoSamples_Throws() => FailsAsync(WaveFile.Write(_folder.File("none.wav"), 0), "none.wav");

    [Fact]
    public Task Decode_TooShort_Throws() => FailsAsync(WaveFile.Write(_folder.File("short.wav"), 319), "at least 20 ms");

    [Fact]
    public Task Decode_PartPastTheEnd_Throws() =>
        FailsAsync(WaveFile.Write(_folder.File("in.wav"), 16000), "in.wav", new AudioDecodeOptions { Start = TimeSpan.FromSeconds(5) });

    [Fact]
    public Task Decode_TruncatedWave_Throws() => FailsAsync(WaveFile.Write(_folder.File("cut.wav"), 16000, statedBytes: 64000), "cut short");

    [Theory]
    [InlineData("flac", "flac")]
    [InlineData("mkv", "flac")]
    [InlineData("mp3", "libmp3lame")]
    [InlineData("m4a", "aac")]
    [InlineData("mp4", "aac -movflags +faststart")]
    public async Task Decode_Truncated_Throws(string extension, string codec)
    {
        string whole = _folder.File("whole." + extension);
        await Ffmpeg.RunAsync(["-i", WaveFile.Write(_folder.File("in.wav"), 80000), "-c:a", .. codec.Split(' '), whole]);
        using (PcmRecording recording = await AudioDecoder.DecodeAsync(whole, _folder.Path))
        {
            // The files before the cut must pass, or the check would mean nothing; lossy codecs pad the end.
            Assert.InRange(recording.SampleCount, 80000, 84000);
        }

        byte[] bytes = await File.ReadAllBytesAsync(whole);
        await FailsAsync(Write("cut." + extension, bytes[..(bytes.Length * 6 / 10)]), "cut.");
    }

    [Fact]
    public async Task Decode_VideoOnly_SaysThereIsNoSound()
    {
        string video = _folder.File("silent.mkv");
        await Ffmpeg.RunAsync("-f", "lavfi", "-i", "color=s=64x64:d=1:r=25", "-c:v", "ffv1", video);
        await FailsAsync(video, "has no audio stream");
    }

    [Fact]
    public async Task Decode_FolderWithoutFfmpeg_SaysHowToInstallIt()
    {
        AudioDecodeOptions options = new() { FfmpegFolder = _folder.Path };
        LatentSyncException error = await FailsAsync(WaveFile.Write(_folder.File("in.wav"), 16000), "apt-get install ffmpeg", options, namesFile: false);
        Assert.Equal(LatentSyncError.Environment, error.Error);
    }

    [SkippableFact]
    public async Task Decode_FfmpegKilled_IsNeverShortSound()
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        string bin = Ffmpeg.Stub(_folder, "head -c 64000 /dev/zero >\"$out\"\nkill -9 $$");
        await FailsAsync(WaveFile.Write(_folder.File("in.wav"), 160000), "was stopped before it finished", new AudioDecodeOptions { FfmpegFolder = bin });
    }

    [SkippableFact]
    public async Task Decode_DiskFull_NamesTheTemporaryFolder()
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        string bin = Ffmpeg.Stub(_folder, "echo '[error] av_interleaved_write_frame(): No space left on device' >&2\nexit 1");
        LatentSyncException error = await FailsAsync(WaveFile.Write(_folder.File("in.wav"), 16000), Spool, new AudioDecodeOptions { FfmpegFolder = bin }, namesFile: false);
        Assert.Equal(LatentSyncError.Output, error.Error);
    }

    [SkippableFact]
    public async Task Decode_Cancelled_KillsFfmpegAndLeavesNothing()
    {
        Skip.If(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        string processId = _folder.File("pid");
        string bin = Ffmpeg.Stub(_folder, $"echo $$ >\"{processId}\"\n: >\"$out\"\n"
            + "echo '[info]   Duration: 00:01:00.00, bitrate: 256 kb/s' >&2\necho 'size=1kB time=00:00:30.00 bitrate=1' >&2\nexec tail -f /dev/null");
        using CancellationTokenSource source = new();
        CallbackProgress cancelWhenRunning = new(_ => source.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AudioDecoder.DecodeAsync(
            WaveFile.Write(_folder.File("in.wav"), 16000), Spool, new AudioDecodeOptions { FfmpegFolder = bin }, cancelWhenRunning, source.Token));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(int.Parse(File.ReadAllText(processId), CultureInfo.InvariantCulture)));
        Assert.Empty(Directory.GetFileSystemEntries(Spool));
    }

    [Fact]
    public async Task Decode_AlreadyCancelled_StartsNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AudioDecoder.DecodeAsync(
            WaveFile.Write(_folder.File("in.wav"), 16000), Spool, cancellationToken: new CancellationToken(canceled: true)));
        Assert.False(Directory.Exists(Spool));
    }

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }

    private async Task<LatentSyncException> FailsAsync(string path, string says, AudioDecodeOptions? options = null, bool namesFile = true)
    {
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => AudioDecoder.DecodeAsync(path, Spool, options));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.True(!namesFile || error.Message.StartsWith(path + ": ", StringComparison.Ordinal), error.Message);
        Assert.True(!Directory.Exists(Spool) || Directory.GetFileSystemEntries(Spool).Length == 0);
        return error;
    }
}
