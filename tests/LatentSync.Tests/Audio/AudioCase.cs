using System.Globalization;
using System.Text.Json;
using LatentSync.Audio;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Audio;

/// <summary>One case of the references' <c>audio</c> area: a recording, what the original made of it, and a folder for the job.</summary>
public sealed class AudioCase : IDisposable
{
    private AudioCase(string file)
    {
        File = new GoldenFile(file);
        Recording = Path.Combine(Path.GetDirectoryName(file)!, File.Metadata("audio"));
        Checkpoint = Path.Combine(Path.GetDirectoryName(file)!, File.Metadata("checkpoint"));
        int[] kept = JsonSerializer.Deserialize<int[]>(File.Metadata("kept_feature_rows"))!;
        (FirstRow, EndRow) = (kept[0], kept[1]);
    }

    public GoldenFile File { get; }

    public string Recording { get; }

    public string Checkpoint { get; }

    /// <summary>The rows of the whole recording that the reference holds: from this one ...</summary>
    public int FirstRow { get; }

    /// <summary>... up to but without this one.</summary>
    public int EndRow { get; }

    public TemporaryFolder Folder { get; } = new(" with a space, 'quote' and ü");

    public long Number(string key) => long.Parse(File.Metadata(key), CultureInfo.InvariantCulture);

    public static AudioCase Open(string name) => new(Goldens.Case("audio", name));

    public Task<PcmRecording> DecodeAsync() => AudioDecoder.DecodeAsync(Recording, Folder.Path);

    public void Dispose()
    {
        File.Dispose();
        Folder.Dispose();
    }
}
