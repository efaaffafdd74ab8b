using LatentSync.Audio;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Audio;

public sealed class AudioFeatureCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeEncoder _encoder = new();

    private string CacheFolder => _folder.File("cache");

    public void Dispose()
    {
        _encoder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Extract_SameSoundUnderAnotherName_ComesFromTheCache()
    {
        float[] first = await ExtractAsync(Sound("a.wav", 16000));
        float[] second = await ExtractAsync(Sound("b.wav", 16000));
        Assert.Equal(first, second);
        Assert.Equal(1, _encoder.Runs);
    }

    [Fact]
    public async Task Extract_OtherSoundUnderTheSameName_IsComputed()
    {
        await ExtractAsync(Sound("a.wav", 16000));
        await ExtractAsync(Sound("a.wav", 17000));
        Assert.Equal(2, _encoder.Runs);
    }

    [Fact]
    public async Task Extract_OtherModel_IsComputed()
    {
        await ExtractAsync(Sound("a.wav", 16000));
        await ExtractAsync(Sound("a.wav", 16000), modelHash: "another");
        Assert.Equal(2, _encoder.Runs);
    }

    [Fact]
    public async Task Extract_NoModelHash_IsNotCached()
    {
        await ExtractAsync(Sound("a.wav", 16000), modelHash: null);
        Assert.False(Directory.Exists(CacheFolder));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 8)]
    [InlineData(0, 16)]
    [InlineData(0, 50)]
    [InlineData(0, 90)]
    [InlineData(0, 500)]
    [InlineData(1, 0)]
    [InlineData(1, 100)]
    [InlineData(1, 500)]
    [InlineData(2, 0)]
    public async Task Extract_DamagedEntry_IsComputedAgain(int damage, int at)
    {
        float[] first = await ExtractAsync(Sound("a.wav", 16000));
        string entry = Assert.Single(Directory.GetFiles(CacheFolder));
        byte[] bytes = File.ReadAllBytes(entry);
        byte[] damaged = damage switch
        {
            0 => [.. bytes[..at], (byte)~bytes[at], .. bytes[(at + 1)..]],
            1 => bytes[..at],
            _ => [.. bytes, 0],
        };
        File.WriteAllBytes(entry, damaged);
        Assert.Equal(first, await ExtractAsync(Sound("a.wav", 16000)));
        Assert.Equal(2, _encoder.Runs);
        Assert.Equal(bytes, File.ReadAllBytes(entry));
    }

    [Fact]
    public async Task CopyRows_EntryDeletedWhileInUse_StillReads()
    {
        string recording = Sound("a.wav", 16000);
        await ExtractAsync(recording);
        using AudioFeatures features = await AudioFeatureExtractor.ExtractAsync(recording, _encoder, Options());
        File.Delete(Assert.Single(Directory.GetFiles(CacheFolder)));
        features.CopyRows(0, new float[features.RowCount * 6]);
        Assert.Equal(1, _encoder.Runs);
    }

    [Fact]
    public async Task Extract_LimitReached_DropsWhatWasUsedLongestAgo()
    {
        // 16000 samples: 50 rows of 2 x 3 floats and the header; room for two entries.
        long limit = (2 * ((50 * 6 * 4) + FeatureFileHeader.Size)) + 10;
        await ExtractAsync(Sound("a.wav", 16000), limit);
        string first = Assert.Single(Directory.GetFiles(CacheFolder));
        await ExtractAsync(Sound("b.wav", 16001), limit);
        string second = Assert.Single(Directory.GetFiles(CacheFolder), f => f != first);
        File.SetLastWriteTimeUtc(first, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(second, new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        await ExtractAsync(Sound("a.wav", 16000), limit); // used: now the younger of the two
        await ExtractAsync(Sound("c.wav", 16002), limit);
        Assert.Equal(3, _encoder.Runs);
        Assert.True(File.Exists(first));
        Assert.False(File.Exists(second));
        Assert.Equal(2, Directory.GetFiles(CacheFolder).Length);
    }

    [Fact]
    public async Task Extract_LargerThanTheLimit_StaysInTheJobsFolder()
    {
        await ExtractAsync(Sound("a.wav", 16000), limit: 1000);
        Assert.False(Directory.Exists(CacheFolder));
    }

    [Fact]
    public async Task Extract_RemainsOfAKilledJob_AreSweptWhenOld()
    {
        Directory.CreateDirectory(CacheFolder);
        string old = Path.Combine(CacheFolder, "old.unfinished"), young = Path.Combine(CacheFolder, "young.unfinished"), foreign = Path.Combine(CacheFolder, "notes.txt");
        foreach (string file in new[] { old, young, foreign })
        {
            File.WriteAllText(file, "x");
        }

        File.SetLastWriteTimeUtc(old, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(foreign, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await ExtractAsync(Sound("a.wav", 16000));
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
        Assert.True(File.Exists(foreign));
    }

    [Fact]
    public async Task Extract_CacheFolderCannotBeMade_GoesOnWithout()
    {
        File.WriteAllText(CacheFolder, "a file where the folder should be");
        float[] features = await ExtractAsync(Sound("a.wav", 16000));
        Assert.NotEmpty(features);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("job")));
    }

    [Fact]
    public async Task Extract_ManyJobsAtOnce_AllGetTheSame()
    {
        string recording = Sound("a.wav", 16000);
        float[][] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using FakeEncoder encoder = new();
            using AudioFeatures features = await AudioFeatureExtractor.ExtractAsync(recording, encoder, Options());
            return Rows(features);
        }));
        Assert.All(results, result => Assert.Equal(results[0], result));
        Assert.Single(Directory.GetFiles(CacheFolder));
    }

    private string Sound(string name, int samples) => WaveFile.Write(_folder.File(name), samples);

    private AudioFeatureOptions Options(long limit = 1 << 20, string? modelHash = "model") =>
        new() { TemporaryFolder = _folder.File("job"), Cache = new AudioFeatureCache(CacheFolder, limit), ModelHash = modelHash };

    private async Task<float[]> ExtractAsync(string recording, long limit = 1 << 20, string? modelHash = "model")
    {
        using AudioFeatures features = await AudioFeatureExtractor.ExtractAsync(recording, _encoder, Options(limit, modelHash));
        return Rows(features);
    }

    private static float[] Rows(AudioFeatures features)
    {
        float[] rows = new float[features.RowCount * features.LayerCount * features.State];
        features.CopyRows(0, rows);
        return rows;
    }
}
