using LatentSync.Audio;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Audio;

/// <summary>Features that are read while they are computed; the recording has two segments, 1500 rows and 625.</summary>
public sealed class AudioExtractionTests : IDisposable
{
    private const int Rows = 2125, RowLength = 6, HalfASegment = 750;
    private readonly TemporaryFolder _folder = new();
    private readonly FakeEncoder _encoder = new();

    public void Dispose()
    {
        _encoder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task CopyRows_RowsNotThereYet_WaitsForThem()
    {
        using AudioExtraction extraction = await BeginAsync();
        Assert.Equal(Rows, extraction.Features.RowCount);
        Assert.Equal(0, _encoder.Runs);
        float[] read = new float[Rows * RowLength];
        Task reader = Task.Run(() => extraction.Features.CopyRows(0, read));
        extraction.EncodeSegment(default);
        Assert.False(reader.IsCompleted);
        extraction.EncodeSegment(default);
        await reader;
        Assert.True(extraction.IsComplete);
        using AudioFeatures whole = await AudioFeatureExtractor.ExtractAsync(Recording(), _encoder, Options());
        float[] expected = new float[read.Length];
        whole.CopyRows(0, expected);
        Assert.Equal(expected, read);
    }

    [Fact]
    public async Task CopyWindow_OfTheFirstSegment_NeedsNoMore()
    {
        using AudioExtraction extraction = await BeginAsync();
        extraction.EncodeSegment(default);
        extraction.Features.CopyWindow(0, 25, new float[extraction.Features.WindowLength]);
        Assert.Equal(1, _encoder.Runs);
    }

    [Fact]
    public async Task CopyRows_CancelledWhileWaiting_Ends()
    {
        using AudioExtraction extraction = await BeginAsync();
        using CancellationTokenSource source = new();
        Task reader = Task.Run(() => extraction.Features.CopyRows(0, new float[RowLength], source.Token));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader);
    }

    [Fact]
    public async Task WaitUntilWanted_SecondSegment_WaitsForAReaderHalfASegmentAhead()
    {
        using AudioExtraction extraction = await BeginAsync();
        extraction.WaitUntilWanted(default);
        extraction.EncodeSegment(default);
        Task wanted = Task.Run(() => extraction.WaitUntilWanted(default));
        extraction.Features.CopyRows(HalfASegment - 2, new float[RowLength]);
        Assert.False(wanted.IsCompleted);
        extraction.Features.CopyRows(HalfASegment - 1, new float[RowLength]);
        await wanted;
    }

    [Fact]
    public async Task WantAll_NobodyReads_EndsTheWaiting()
    {
        using AudioExtraction extraction = await BeginAsync();
        extraction.EncodeSegment(default);
        Task wanted = Task.Run(() => extraction.WaitUntilWanted(default));
        extraction.WantAll();
        await wanted;
    }

    [Fact]
    public async Task WaitUntilWanted_Cancelled_Ends()
    {
        using AudioExtraction extraction = await BeginAsync();
        using CancellationTokenSource source = new();
        extraction.EncodeSegment(default);
        Task wanted = Task.Run(() => extraction.WaitUntilWanted(source.Token));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wanted);
    }

    [Fact]
    public async Task Dispose_HalfDone_LeavesNothing()
    {
        AudioFeatureOptions options = Options() with { Cache = new AudioFeatureCache(_folder.File("cache")), ModelHash = "m" };
        using (AudioExtraction extraction = await AudioFeatureExtractor.BeginAsync(Recording(), _encoder, options))
        {
            extraction.EncodeSegment(default);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("job")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("cache")));
    }

    private string Recording() => WaveFile.Write(_folder.File("in.wav"), Rows * 320);

    private AudioFeatureOptions Options() => new() { TemporaryFolder = _folder.File("job") };

    private Task<AudioExtraction> BeginAsync() => AudioFeatureExtractor.BeginAsync(Recording(), _encoder, Options());
}
