using System.Text;

namespace LatentSync.Tests.Cli;

/// <summary>Inputs that cannot be used: exit code 3, a line that names the file, nothing left.</summary>
public sealed class SyncBadInputTests : IDisposable
{
    private const int Media = 3;

    private readonly SyncBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("missing.mp4", "does not exist")]
    [InlineData("empty.mp4", "is empty")]
    [InlineData("text.mp4", "video")]
    [InlineData("folder.mp4", "is a folder")]
    [InlineData("cut.mp4", "is cut off")]
    [InlineData("cut-without-index.mp4", "is incomplete")]
    [InlineData("sound.m4a", "has only audio")]
    public async Task Sync_UnusableVideo_NamesItAndWhatIsWrong(string name, string said)
    {
        Prepare(name);
        await _bench.RefusesAsync(Media, _bench.Job(("--video", _bench[name])), name, said);
    }

    [Theory]
    [InlineData("missing.wav", "does not exist")]
    [InlineData("empty.wav", "is empty")]
    [InlineData("text.wav", "recording")]
    [InlineData("folder.wav", "is a folder")]
    [InlineData("silent.mp4", "has no sound")]
    public async Task Sync_UnusableRecording_NamesItAndWhatIsWrong(string name, string said)
    {
        Prepare(name);
        await _bench.RefusesAsync(Media, _bench.Job(("--audio", _bench[name])), name, said);
    }

    // Only decoding shows what is wrong with these, so the networks are loaded.
    [Theory]
    [InlineData("--video", "no-frames.y4m", "no frames")]
    [InlineData("--audio", "cut.wav", "cut short")]
    [InlineData("--audio", "no-samples.wav", "no sound")]
    public async Task Sync_InputThatFailsWhileDecoded_NamesItAndWhatIsWrong(string option, string name, string said)
    {
        Prepare(name);
        await _bench.RefusesAsync(Media, _bench.Job((option, _bench[name]), ("--duration", null)), name, said);
    }

    private void Prepare(string name)
    {
        string path = _bench[name];
        switch (name)
        {
            case "empty.mp4" or "empty.wav":
                File.WriteAllBytes(path, []);
                break;
            case "text.mp4" or "text.wav":
                File.WriteAllText(path, string.Concat(Enumerable.Repeat("This is a letter and no recording.\n", 40)));
                break;
            case "folder.mp4" or "folder.wav":
                Directory.CreateDirectory(path);
                break;
            case "cut.mp4":
                Cut(_bench.Make("-f", "lavfi", "-i", "testsrc2=s=64x64:d=2", "-movflags", "+faststart", "whole.mp4"), path);
                break;
            case "cut-without-index.mp4":
                Cut(_bench.Make("-f", "lavfi", "-i", "testsrc2=s=64x64:d=2", "whole.mp4"), path);
                break;
            case "cut.wav":
                Cut(_bench.MakeTone("whole.wav", 1), path);
                break;
            case "sound.m4a":
                _bench.MakeTone(name, 0.5);
                break;
            case "silent.mp4":
                _bench.MakeFaceless(name, 0.2);
                break;
            case "no-frames.y4m":
                File.WriteAllBytes(path, Encoding.ASCII.GetBytes("YUV4MPEG2 W64 H48 F25:1 Ip A1:1 C420jpeg\n"));
                break;
            case "no-samples.wav":
                File.WriteAllBytes(path, File.ReadAllBytes(_bench.Make("-f", "lavfi", "-i", "sine=d=1", "-bitexact", "whole.wav"))[..44]);
                WriteLengths(path);
                break;
            default:
                Assert.StartsWith("missing", name, StringComparison.Ordinal);
                break;
        }
    }

    // A header that says truthfully that no samples follow.
    private static void WriteLengths(string wave)
    {
        byte[] bytes = File.ReadAllBytes(wave);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), bytes.Length - 8);
        BitConverter.TryWriteBytes(bytes.AsSpan(40), 0);
        File.WriteAllBytes(wave, bytes);
    }

    private static void Cut(string whole, string path)
    {
        byte[] bytes = File.ReadAllBytes(whole);
        File.WriteAllBytes(path, bytes[..(bytes.Length * 2 / 3)]);
    }
}
