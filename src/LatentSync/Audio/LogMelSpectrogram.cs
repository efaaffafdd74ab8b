using System.Numerics;
using System.Runtime.InteropServices;

namespace LatentSync.Audio;

/// <summary>
/// Whisper's log-mel spectrogram of a recording, computed anywhere in it on demand: |STFT|^2 (400-point periodic Hann window, hop 160, centred,
/// borders reflected, last column dropped), 80 Slaney mel bands, <c>log10(max(x,1e-10))</c>, floor at the recording's maximum - 8, <c>(x+4)/4</c>.
/// </summary>
/// <remarks>
/// The floor depends on the whole recording, so a first pass finds the maximum; nothing of that pass is kept. Columns are computed from the samples alone, so any cut
/// into segments gives the same values. Not safe for use from several threads at a time.
/// </remarks>
public sealed class LogMelSpectrogram
{
    private const double SmallestPower = 1e-10;
    private const double DynamicRange = 8.0;
    private const int ColumnsPerBlock = 512;
    private static readonly float[] Hann = HannWindow();

    private readonly ISampleSource _samples;
    private readonly BatchedFourierTransform _transform = new();
    private readonly Vector<double>[] _powerOfFirst = new Vector<double>[AudioFormat.SpectrumBins], _powerOfSecond = new Vector<double>[AudioFormat.SpectrumBins];
    private readonly float[] _block = new float[((ColumnsPerBlock - 1) * AudioFormat.HopLength) + AudioFormat.FourierLength];
    private readonly double[] _power = new double[AudioFormat.MelBands * ColumnsPerBlock];
    private readonly double _floor;

    /// <summary>Reads the whole recording once to find the maximum.</summary>
    /// <param name="samples">The recording; it is read again by <see cref="Read"/>.</param>
    /// <param name="progress">0 to 1 over the first pass.</param>
    /// <param name="cancellationToken">Stops the first pass.</param>
    /// <exception cref="ArgumentException">The recording is shorter than <see cref="AudioFormat.MinimumSamples"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public LogMelSpectrogram(ISampleSource samples, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.SampleCount < AudioFormat.MinimumSamples)
        {
            throw new ArgumentException($"{samples.SampleCount} samples are fewer than the {AudioFormat.MinimumSamples} that one feature row takes");
        }

        _samples = samples;
        ColumnCount = samples.SampleCount / AudioFormat.HopLength;
        double maximum = SmallestPower;
        for (long column = 0; column < ColumnCount; column += ColumnsPerBlock)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int columns = (int)Math.Min(ColumnsPerBlock, ColumnCount - column);
            ReadPower(column, columns);
            for (int band = 0; band < AudioFormat.MelBands; band++)
            {
                foreach (double power in _power.AsSpan(band * ColumnsPerBlock, columns))
                {
                    maximum = Math.Max(maximum, power);
                }
            }

            progress?.Report((double)(column + columns) / ColumnCount);
        }

        _floor = Math.Log10(maximum) - DynamicRange;
    }

    /// <summary>Columns of the whole recording, 100 a second.</summary>
    public long ColumnCount { get; }

    /// <summary>Computes consecutive columns.</summary>
    /// <param name="firstColumn">Index of the first column.</param>
    /// <param name="columns">How many.</param>
    /// <param name="destination">Receives <c>[80,stride]</c>, of which the first <paramref name="columns"/> of each row are written.</param>
    /// <param name="stride">Elements from one band's row to the next, at least <paramref name="columns"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The columns are not all in the recording, or the destination is too small.</exception>
    public void Read(long firstColumn, int columns, Span<float> destination, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstColumn);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstColumn + columns, ColumnCount, nameof(columns));
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, ((AudioFormat.MelBands - 1) * stride) + columns, nameof(destination));
        for (int done = 0; done < columns; done += ColumnsPerBlock)
        {
            int count = Math.Min(ColumnsPerBlock, columns - done);
            ReadPower(firstColumn + done, count);
            for (int band = 0; band < AudioFormat.MelBands; band++)
            {
                Span<float> row = destination.Slice((band * stride) + done, count);
                ReadOnlySpan<double> power = _power.AsSpan(band * ColumnsPerBlock, count);
                for (int i = 0; i < count; i++)
                {
                    double log = Math.Max(Math.Log10(Math.Max(power[i], SmallestPower)), _floor);
                    row[i] = (float)((log + 4.0) / 4.0);
                }
            }
        }
    }

    /// <summary>
    /// Rounded to float32 at every step, and so is its product with the samples, as the original's framework does it: beside a loud tone
    /// that rounding is what the quiet bands consist of.
    /// </summary>
    private static float[] HannWindow()
    {
        float[] window = new float[AudioFormat.FourierLength];
        for (int i = 0; i < window.Length; i++)
        {
            window[i] = (MathF.Cos(i * (float)(2 * Math.PI / window.Length)) * -0.5f) + 0.5f;
        }

        return window;
    }

    private void ReadPower(long firstColumn, int columns)
    {
        long start = (firstColumn * AudioFormat.HopLength) - (AudioFormat.FourierLength / 2);
        ReadReflected(start, _block.AsSpan(0, ((columns - 1) * AudioFormat.HopLength) + AudioFormat.FourierLength));
        for (int column = 0; column < columns; column += 2 * BatchedFourierTransform.Lanes)
        {
            TransformPairs(column, columns);
            SumBands(column, columns);
        }
    }

    /// <summary>Samples before the first and past the last mirror the recording without repeating its end samples.</summary>
    private void ReadReflected(long start, Span<float> destination)
    {
        long count = _samples.SampleCount;
        int before = (int)Math.Clamp(-start, 0, destination.Length);
        int inside = (int)Math.Clamp(count - (start + before), 0, destination.Length - before);
        _samples.Read(start + before, destination.Slice(before, inside));
        for (int i = 0; i < destination.Length; i++)
        {
            long index = start + i;
            if (index < 0 || index >= count)
            {
                _samples.Read(index < 0 ? -index : (2 * (count - 1)) - index, destination.Slice(i, 1));
            }
        }
    }

    /// <summary>
    /// Two real signals ride in one complex transform, the first as real and the second as imaginary part; the symmetry of real signals' spectra
    /// parts them: A = (X[k] + conj X[-k]) / 2, B = (X[k] - conj X[-k]) / 2i.
    /// </summary>
    private void TransformPairs(int column, int columns)
    {
        int lanes = BatchedFourierTransform.Lanes;
        Span<double> real = MemoryMarshal.Cast<Vector<double>, double>(_transform.Real.AsSpan());
        Span<double> imaginary = MemoryMarshal.Cast<Vector<double>, double>(_transform.Imaginary.AsSpan());
        for (int lane = 0; lane < lanes; lane++)
        {
            Fill(real, lane, column + lane, columns);
            Fill(imaginary, lane, column + lanes + lane, columns);
        }

        _transform.Run();
        Vector<double>[] re = _transform.Real, im = _transform.Imaginary;
        Vector<double> quarter = new(0.25);
        for (int bin = 0; bin < AudioFormat.SpectrumBins; bin++)
        {
            int mirrored = (AudioFormat.FourierLength - bin) % AudioFormat.FourierLength;
            Vector<double> evenReal = re[bin] + re[mirrored], oddReal = re[bin] - re[mirrored];
            Vector<double> evenImaginary = im[bin] + im[mirrored], oddImaginary = im[bin] - im[mirrored];
            _powerOfFirst[bin] = ((evenReal * evenReal) + (oddImaginary * oddImaginary)) * quarter;
            _powerOfSecond[bin] = ((evenImaginary * evenImaginary) + (oddReal * oddReal)) * quarter;
        }
    }

    private void Fill(Span<double> lanesOfSamples, int lane, int column, int columns)
    {
        int lanes = BatchedFourierTransform.Lanes;
        if (column >= columns)
        {
            for (int i = 0; i < AudioFormat.FourierLength; i++)
            {
                lanesOfSamples[(i * lanes) + lane] = 0;
            }

            return;
        }

        ReadOnlySpan<float> samples = _block.AsSpan(column * AudioFormat.HopLength, AudioFormat.FourierLength);
        for (int i = 0; i < samples.Length; i++)
        {
            lanesOfSamples[(i * lanes) + lane] = samples[i] * Hann[i];
        }
    }

    private void SumBands(int column, int columns)
    {
        int lanes = BatchedFourierTransform.Lanes;
        for (int band = 0; band < AudioFormat.MelBands; band++)
        {
            (int firstBin, double[] weights) = MelFilterBank.Instance[band];
            Vector<double> first = Vector<double>.Zero, second = Vector<double>.Zero;
            for (int i = 0; i < weights.Length; i++)
            {
                Vector<double> weight = new(weights[i]);
                first += _powerOfFirst[firstBin + i] * weight;
                second += _powerOfSecond[firstBin + i] * weight;
            }

            Span<double> row = _power.AsSpan(band * ColumnsPerBlock, columns);
            for (int lane = 0; lane < lanes; lane++)
            {
                Store(row, column + lane, first[lane]);
                Store(row, column + lanes + lane, second[lane]);
            }
        }
    }

    private static void Store(Span<double> row, int column, double value)
    {
        if (column < row.Length)
        {
            row[column] = value;
        }
    }
}
