using System.Globalization;
using LatentSync.Audio;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Audio;

public class AudioWindowsTests
{
    private const string Windows = "windows.", Totals = "windows_total.";

    public static IEnumerable<object[]> Cases => Goldens.Files("audio", "*.safetensors");

    [SkippableTheory, MemberData(nameof(Cases))]
    public void FrameCount_ReferenceRecording_EqualsOriginal(string name)
    {
        using AudioCase golden = AudioCase.Open(name);
        foreach (string rate in Rates(golden))
        {
            Assert.Equal(golden.Number(Totals + rate), AudioWindows.FrameCount(golden.Number("feature_rows"), double.Parse(rate, CultureInfo.InvariantCulture)));
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void CopyWindow_ReferenceFeatures_EqualsOriginal(string name)
    {
        using AudioCase golden = AudioCase.Open(name);
        Skip.If(golden.FirstRow > 0 || golden.EndRow < golden.Number("feature_rows"), "the reference keeps only some rows of this recording");
        using AudioFeatures features = Store(golden.Folder, golden.File.Read("features"));
        foreach (string rate in Rates(golden))
        {
            double fps = double.Parse(rate, CultureInfo.InvariantCulture);
            Tensor expected = golden.File.Read(Windows + rate);
            double[] frames = golden.File.ReadDoubles("window_frames." + rate);
            float[] actual = new float[features.WindowLength];
            Assert.Equal(expected.Shape[1], features.WindowRows);
            for (int i = 0; i < frames.Length; i++)
            {
                features.CopyWindow((long)frames[i], fps, actual);

                // Nothing is computed here, rows are only chosen: equal to the bit.
                Assert.Equal(expected.Span.Slice(i * actual.Length, actual.Length).ToArray(), actual);
            }
        }
    }

    [Theory]
    [InlineData(0, 25, 2)]
    [InlineData(1, 25, 2)]
    [InlineData(2, 25, 3)]
    [InlineData(295, 25, 149)]
    [InlineData(1_000_000, 25, 500_002)]
    public void FrameCount_At25_IsHalfTheRowsAndTwo(long rows, double fps, long expected) => Assert.Equal(expected, AudioWindows.FrameCount(rows, fps));

    [Theory]
    [InlineData(23.976)]
    [InlineData(24)]
    [InlineData(29.97)]
    [InlineData(30000.0 / 1001)]
    [InlineData(50)]
    [InlineData(59.94)]
    [InlineData(120)]
    [InlineData(12.5)]
    public void FrameCount_AnyRate_EqualsCounting(double fps)
    {
        for (int rows = 0; rows < 400; rows++)
        {
            int frame = 0;
            while ((int)(frame * (50.0 / fps)) <= rows)
            {
                frame++;
            }

            Assert.Equal(frame + 1, AudioWindows.FrameCount(rows, fps));
        }
    }

    [Theory]
    [InlineData(176640, 16000, 25, 276)] // 11.04 s: 276.00000000000006 frames in doubles
    [InlineData(176641, 16000, 25, 277)]
    [InlineData(260826, 22050, 25, 296)]
    [InlineData(110250, 22050, 25, 125)]
    [InlineData(48048, 48000, 30000.0 / 1001, 30)]
    [InlineData(1, 192000, 25, 1)]
    public void FramesOfSpeech_BegunFrames_Count(long samples, int rate, double fps, long expected) =>
        Assert.Equal(expected, AudioWindows.FramesOfSpeech(samples, rate, fps));

    [Theory]
    [InlineData(0)]
    [InlineData(-25)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void FrameCount_NoRate_Throws(double fps) => Assert.Throws<ArgumentOutOfRangeException>(() => AudioWindows.FrameCount(100, fps));

    [Fact]
    public void CopyWindow_OutsideTheRecording_RepeatsFirstAndLastRow()
    {
        using TemporaryFolder folder = new();
        Tensor rows = Tensor.Zeros(3, 1, 1);
        (rows.Span[0], rows.Span[1], rows.Span[2]) = (10, 11, 12);
        using AudioFeatures features = Store(folder, rows);
        float[] window = new float[10];
        features.CopyWindow(0, 25, window);
        Assert.Equal([10, 10, 10, 10, 10, 11, 12, 12, 12, 12], window);
        features.CopyWindow(1, 25, window);
        Assert.Equal([10, 10, 10, 11, 12, 12, 12, 12, 12, 12], window);
        features.CopyWindow(1000, 25, window);
        Assert.All(window, value => Assert.Equal(12, value));
    }

    private static IEnumerable<string> Rates(AudioCase golden) => golden.File.Tensors.Keys.Where(key => key.StartsWith(Windows, StringComparison.Ordinal)).Select(key => key[Windows.Length..]);

    private static AudioFeatures Store(TemporaryFolder folder, Tensor rows)
    {
        FeatureFileHeader header = new(rows.Shape[0], (int)rows.Shape[1], (int)rows.Shape[2], rows.Shape[0] * 320, rows.Shape[0] * 320, 16000);
        string path = folder.File("rows.features");
        using (FeatureFileWriter writer = new(path, header, new byte[32]))
        {
            writer.Append(rows.Span);
            writer.Complete();
        }

        return AudioFeatures.OpenOwn(path, header, AudioFeatLength.Default);
    }
}
