using LatentSync.Audio;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Audio;

public class LogMelSpectrogramTests
{
    public static IEnumerable<object[]> Cases => Goldens.Files("audio", "*.safetensors");

    [SkippableTheory, MemberData(nameof(Cases))]
    public async Task Read_ReferenceRecording_EqualsOriginal(string name)
    {
        using AudioCase golden = AudioCase.Open(name);
        using PcmRecording recording = await golden.DecodeAsync();
        LogMelSpectrogram mel = new(recording);
        Assert.Equal(golden.Number("mel_columns"), mel.ColumnCount);

        Tensor expected = golden.File.Read("mel");
        int columns = (int)expected.Shape[1];
        Tensor actual = Tensor.Zeros(AudioFormat.MelBands, columns);
        mel.Read(2L * golden.FirstRow, columns, actual.Span, columns);

        // The references' tolerance for audio; what is left is the original's float32 transform.
        Tolerances.AssertWithinStandardDeviations(expected, actual, 2e-4, name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(700)]
    public void Read_InPieces_EqualsWhole(int piece)
    {
        LogMelSpectrogram mel = new(new MemorySamples(Tone(AudioFormat.SampleRate * 14)));
        int columns = (int)mel.ColumnCount;
        float[] whole = new float[AudioFormat.MelBands * columns];
        mel.Read(0, columns, whole, columns);
        float[] pieces = new float[whole.Length];
        for (int first = 0; first < columns; first += piece)
        {
            mel.Read(first, Math.Min(piece, columns - first), pieces.AsSpan(first), columns);
        }

        Assert.Equal(whole, pieces);
    }

    [Theory]
    [InlineData(320)]
    [InlineData(321)]
    [InlineData(799)]
    [InlineData(1600)]
    public void Read_AnyLength_EqualsDirectSum(int length)
    {
        float[] samples = Tone(length);
        LogMelSpectrogram mel = new(new MemorySamples(samples));
        int columns = (int)mel.ColumnCount;
        Assert.Equal(length / 160, columns);
        float[] actual = new float[AudioFormat.MelBands * columns];
        mel.Read(0, columns, actual, columns);
        double[] expected = DirectLogMel(samples, columns);
        for (int i = 0; i < actual.Length; i++)
        {
            // Both are double precision after the window; the result is rounded to float32 once.
            Assert.Equal(expected[i], actual[i], 1e-6);
        }
    }

    [Fact]
    public void Read_Silence_IsTheFloor()
    {
        LogMelSpectrogram mel = new(new MemorySamples(new float[16000]));
        float[] actual = new float[AudioFormat.MelBands * 100];
        mel.Read(0, 100, actual, 100);
        Assert.All(actual, value => Assert.Equal(-1.5f, value)); // (log10(1e-10) + 4) / 4
    }

    [Fact]
    public void Constructor_TooShort_Throws() =>
        Assert.Throws<ArgumentException>(() => new LogMelSpectrogram(new MemorySamples(new float[319])));

    [Fact]
    public void Constructor_LongRecording_NeedsNoMemoryInProportion()
    {
        // Ten minutes of samples made on the fly: as floats they would take 38 MB, their mel 19 MB.
        long before = GC.GetAllocatedBytesForCurrentThread();
        LogMelSpectrogram mel = new(new GeneratedSamples(AudioFormat.SampleRate * 600L));
        mel.Read(59_000, 100, new float[AudioFormat.MelBands * 100], 100);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    private static float[] Tone(int length)
    {
        float[] samples = new float[length];
        new GeneratedSamples(length).Read(0, samples);
        return samples;
    }

    /// <summary>The definition, summed term by term; bands through their published formula.</summary>
    private static double[] DirectLogMel(float[] samples, int columns)
    {
        double[] log = new double[AudioFormat.MelBands * columns];
        for (int column = 0; column < columns; column++)
        {
            double[] power = DirectPower(samples, column);
            for (int band = 0; band < AudioFormat.MelBands; band++)
            {
                double sum = 0;
                for (int bin = 0; bin < power.Length; bin++)
                {
                    double low = Hz(band), centre = Hz(band + 1), high = Hz(band + 2), hz = bin * 40.0;
                    double height = Math.Max(0, Math.Min((hz - low) / (centre - low), (high - hz) / (high - centre)));
                    sum += power[bin] * (float)(height * 2 / (high - low));
                }

                log[(band * columns) + column] = Math.Log10(Math.Max(sum, 1e-10));
            }
        }

        double floor = log.Max() - 8;
        return [.. log.Select(value => (Math.Max(value, floor) + 4) / 4)];
    }

    private static double[] DirectPower(float[] samples, int column)
    {
        double[] power = new double[201];
        for (int bin = 0; bin < power.Length; bin++)
        {
            double real = 0, imaginary = 0;
            for (int n = 0; n < 400; n++)
            {
                int index = (column * 160) - 200 + n;
                index = index < 0 ? -index : index >= samples.Length ? (2 * (samples.Length - 1)) - index : index;
                double value = samples[index] * ((MathF.Cos(n * (float)(2 * Math.PI / 400)) * -0.5f) + 0.5f);
                real += value * Math.Cos(2 * Math.PI * (n * bin % 400) / 400);
                imaginary -= value * Math.Sin(2 * Math.PI * (n * bin % 400) / 400);
            }

            power[bin] = (real * real) + (imaginary * imaginary);
        }

        return power;
    }

    private static double Hz(int edge)
    {
        double top = 15 + (Math.Log(8) * 27 / Math.Log(6.4));
        double mel = top * edge / 81;
        return mel < 15 ? mel * 200 / 3 : 1000 * Math.Exp(Math.Log(6.4) / 27 * (mel - 15));
    }
}
