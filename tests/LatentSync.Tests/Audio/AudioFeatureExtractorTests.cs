using LatentSync.Audio;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Audio;

public sealed class AudioFeatureExtractorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Temporary => _folder.File("job");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(320, 1)]
    [InlineData(799, 2)] // 4 columns
    [InlineData(480_000, 1500)] // one segment exactly
    [InlineData(480_160, 1500)] // one column more: half a row, which is none
    [InlineData(480_320, 1501)]
    [InlineData(1_000_000, 3125)]
    public async Task Extract_AnyLength_KeepsTheRowsOfRealColumns(int samples, int rows)
    {
        string recording = WaveFile.Write(_folder.File("in.wav"), samples);
        using PcmRecording pcm = await AudioDecoder.DecodeAsync(recording, _folder.Path);
        LogMelSpectrogram mel = new(pcm);
        int columns = (int)mel.ColumnCount;
        float[] whole = new float[80 * columns];
        mel.Read(0, columns, whole, columns);

        using FakeEncoder encoder = new();
        using AudioFeatures features = await AudioFeatureExtractor.ExtractAsync(recording, encoder, Options());
        Assert.Equal((rows, 2, 3, samples), (features.RowCount, features.LayerCount, features.State, features.SampleCount));
        Assert.Equal((double)samples / 16000, features.DurationSeconds);
        Assert.Equal((rows + 1499) / 1500, encoder.Runs);
        float[] actual = new float[rows * 6];
        features.CopyRows(0, actual);
        for (int row = 0, i = 0; row < rows; row++)
        {
            for (int layer = 0; layer < 2; layer++)
            {
                for (int band = 0; band < 3; band++)
                {
                    Assert.Equal(FakeEncoder.Expected(whole, columns, row, layer, band), actual[i++]);
                }
            }
        }
    }

    [Fact]
    public async Task Extract_Segments_ArePaddedWithZeros()
    {
        ReadOnlyMemory<float> seen = default;
        using PcmRecording pcm = await AudioDecoder.DecodeAsync(WaveFile.Write(_folder.File("in.wav"), 1600), _folder.Path);
        using RecordingEncoder encoder = new(input => seen = input.ToArray());
        Assert.Equal(5, new WhisperFeatureExtractor(encoder).EncodeSegment(new LogMelSpectrogram(pcm), 0).Length);
        for (int band = 0; band < 80; band++)
        {
            Assert.All(seen.Slice((band * 3000) + 10, 2990).ToArray(), value => Assert.Equal(0, value));
            Assert.NotEqual(0, seen.Span[band * 3000]);
        }
    }

    [Fact]
    public async Task Dispose_RemovesEverything()
    {
        string recording = WaveFile.Write(_folder.File("in.wav"), 16000);
        using (FakeEncoder encoder = new())
        using (AudioFeatures features = await AudioFeatureExtractor.ExtractAsync(recording, encoder, Options()))
        {
            Assert.Single(Directory.GetFileSystemEntries(Temporary));
        }

        Assert.Empty(Directory.GetFileSystemEntries(Temporary));
    }

    [Fact]
    public async Task Extract_Progress_RisesToOne()
    {
        List<double> reports = [];
        using FakeEncoder encoder = new();
        string recording = WaveFile.Write(_folder.File("in.wav"), 800_000);
        using AudioFeatures features = await AudioFeatureExtractor.ExtractAsync(recording, encoder, Options(), new CallbackProgress(reports.Add));
        Assert.Equal(reports.Order(), reports);
        Assert.Equal(1, reports[^1], 1e-12);
    }

    [Fact]
    public async Task Extract_CancelledInTheNetwork_LeavesNothing()
    {
        using CancellationTokenSource source = new();
        using FakeEncoder encoder = new() { BeforeRun = source.Cancel };
        string recording = WaveFile.Write(_folder.File("in.wav"), 16000);
        AudioFeatureOptions options = Options() with { Cache = new AudioFeatureCache(_folder.File("cache")), ModelHash = "m" };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AudioFeatureExtractor.ExtractAsync(recording, encoder, options, null, source.Token));
        Assert.Empty(Directory.GetFileSystemEntries(Temporary));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("cache")));
    }

    [Fact]
    public void Constructor_OtherGraph_SaysToImportAgain()
    {
        using FakeEncoder encoder = new() { Inputs = [new TensorContract("frames", "float", [-1, 80, 3000])] };
        Assert.Equal(LatentSyncError.Model, Assert.Throws<LatentSyncException>(() => new WhisperFeatureExtractor(encoder)).Error);
    }

    private AudioFeatureOptions Options() => new() { TemporaryFolder = Temporary };

    private sealed class RecordingEncoder(Action<ReadOnlyMemory<float>> see) : IInferenceEngine
    {
        public IReadOnlyList<TensorContract> Inputs => [new(WhisperFeatureExtractor.InputName, "float", [-1, 80, 3000])];

        public IReadOnlyList<TensorContract> Outputs => [new(WhisperFeatureExtractor.OutputName, "float", [-1, 1500, 1, 1])];

        public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default) => see(inputs[0].Value.Data);

        public void Dispose()
        {
        }
    }
}
