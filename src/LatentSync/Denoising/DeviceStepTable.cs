using LatentSync.Kernels.Ilgpu.Device;

namespace LatentSync.Denoising;

/// <summary>
/// A sampler as the device's step kernels take it: all numbers of all steps in one float32 table (<see cref="StepTableLayout"/>), and how much
/// memory the steps need besides. Made by <see cref="IScheduler.TryGetDeviceTable"/>.
/// </summary>
public sealed class DeviceStepTable
{
    private readonly StepTable _table;
    private readonly IStepNoise? _stepNoise;
    private readonly float[] _values;

    internal DeviceStepTable(StepTable table, IStepNoise? stepNoise, double guidanceScale)
    {
        _table = table;
        _stepNoise = stepNoise;
        _values = new float[table.Steps.Length * StepTableLayout.Stride];
        for (int i = 0; i < table.Steps.Length; i++)
        {
            Span<float> row = _values.AsSpan(i * StepTableLayout.Stride, StepTableLayout.Stride);
            row[StepTableLayout.Timestep] = (float)table.Timesteps[i];
            row[StepTableLayout.Guidance] = (float)guidanceScale;
            Write(table.Steps[i], row);
        }
    }

    /// <summary>What a loop that runs this table allocates and captures.</summary>
    public StepTableShape Shape => new(StepCount, KeepsPredictions, KeepsStart, NeedsNoise);

    /// <summary>Number of steps.</summary>
    public int StepCount => _table.Steps.Length;

    /// <summary><c>[StepCount,StepTableLayout.Stride]</c>.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>What the initial standard-normal noise is multiplied by.</summary>
    public float InitNoiseSigma => (float)_table.InitNoiseSigma;

    /// <summary>Whether the steps need the ring of <see cref="StepTableLayout.RingLength"/> predictions.</summary>
    public bool KeepsPredictions => _table.PredictionCount > 0;

    /// <summary>Whether the steps need memory for the sample that a step starts from.</summary>
    public bool KeepsStart => _table.HasCorrections;

    /// <summary>Whether the steps need noise, see <see cref="WriteNoise"/>.</summary>
    public bool NeedsNoise => _table.IsStochastic;

    /// <summary>Gives the noise of all steps for one frame; it serves every frame of every chunk.</summary>
    /// <param name="noise">Receives <c>[StepCount,C,h,w]</c>; zeros for a step that adds none.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the number of steps.</exception>
    /// <exception cref="InvalidOperationException">The steps need no noise.</exception>
    public void WriteNoise(Span<float> noise)
    {
        if (!NeedsNoise)
        {
            throw new InvalidOperationException("this scheduler adds no noise");
        }

        if (noise.Length % StepCount != 0)
        {
            throw new ArgumentException($"{noise.Length} values are not the noise of {StepCount} steps", nameof(noise));
        }

        int size = noise.Length / StepCount;
        for (int i = 0; i < StepCount; i++)
        {
            Span<float> draw = noise.Slice(i * size, size);
            draw.Clear();
            if (_table.Steps[i].Noise != 0)
            {
                _stepNoise!.Fill(i, draw);
            }
        }
    }

    private void Write(StepCoefficients step, Span<float> row)
    {
        row[StepTableLayout.InputScale] = (float)step.InputScale;
        row[StepTableLayout.KeepsPrediction] = KeepsPredictions ? 1 : 0;
        row[StepTableLayout.PredictionOfSample] = (float)step.PredictionOfSample;
        row[StepTableLayout.PredictionOfOutput] = (float)step.PredictionOfOutput;
        row[StepTableLayout.ClipRange] = (float)_table.ClipRange;
        row[StepTableLayout.KeepsStart] = KeepsStart ? 1 : 0;
        row[StepTableLayout.Sample] = (float)step.Sample;
        row[StepTableLayout.Output] = (float)step.Output;
        row[StepTableLayout.Noise] = (float)step.Noise;
        WriteFactors(step.Predictions, row[StepTableLayout.Predictions..]);
        if (step.Correction is { } correction)
        {
            row[StepTableLayout.Corrects] = 1;
            row[StepTableLayout.CorrectionStart] = (float)correction.Start;
            WriteFactors(correction.Predictions, row[StepTableLayout.CorrectionPredictions..]);
        }
    }

    private static void WriteFactors(double[] factors, Span<float> columns)
    {
        for (int i = 0; i < factors.Length; i++)
        {
            columns[i] = (float)factors[i];
        }
    }
}
