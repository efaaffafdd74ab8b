using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using LatentSync.Kernels.Ilgpu.Device;

namespace LatentSync.Denoising;

/// <summary>
/// A sampler whose steps are linear combinations of the sample, the network's output and what earlier steps left, with factors known
/// beforehand: a kind of sampler is a table of factors, and the arithmetic is here once.
/// </summary>
public abstract class LinearScheduler : IScheduler
{
    private readonly StepTable _table;
    private readonly IStepNoise? _stepNoise;
    private readonly float[][] _predictions;
    private float[] _start = [];
    private float[] _noise = [];
    private int _next;

    private protected LinearScheduler(StepTable table, IStepNoise? stepNoise = null)
    {
        if (table.IsStochastic)
        {
            ArgumentNullException.ThrowIfNull(stepNoise);
        }

        _table = table;
        _stepNoise = stepNoise;
        _predictions = new float[table.PredictionCount][];
        Array.Fill(_predictions, []);
        Timesteps = [.. table.Timesteps.Select(timestep => (float)timestep)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<float> Timesteps { get; }

    /// <inheritdoc/>
    public double InitNoiseSigma => _table.InitNoiseSigma;

    /// <inheritdoc/>
    public void Reset() => _next = 0;

    /// <inheritdoc/>
    public void ScaleModelInput(int stepIndex, ReadOnlySpan<float> sample, Span<float> destination)
    {
        float scale = (float)_table.Steps[stepIndex].InputScale;
        if (scale == 1)
        {
            sample.CopyTo(destination);
        }
        else
        {
            TensorPrimitives.Multiply(sample, scale, destination);
        }
    }

    /// <inheritdoc/>
    public bool TryGetLinearStep(int stepIndex, out float sampleFactor, out float outputFactor)
    {
        StepCoefficients step = _table.Steps[stepIndex];
        (sampleFactor, outputFactor) = ((float)step.Sample, (float)step.Output);
        return !_table.HasHistory && step.Predictions.Length == 0 && step.Noise == 0;
    }

    /// <inheritdoc/>
    public bool TryGetDeviceTable(double guidanceScale, [NotNullWhen(true)] out DeviceStepTable? table)
    {
        table = _table.PredictionCount <= StepTableLayout.RingLength ? new DeviceStepTable(_table, _stepNoise, guidanceScale) : null;
        return table is not null;
    }

    /// <inheritdoc/>
    public void Step(int stepIndex, ReadOnlySpan<float> modelOutput, Span<float> sample)
    {
        if (modelOutput.Length != sample.Length)
        {
            throw new ArgumentException($"{modelOutput.Length} values for a sample of {sample.Length}", nameof(modelOutput));
        }

        StepCoefficients step = _table.Steps[stepIndex];
        Follow(stepIndex, sample.Length);
        if (_predictions.Length > 0)
        {
            Predict(step, modelOutput, sample);
        }

        if (step.Correction is { } correction)
        {
            TensorPrimitives.Multiply(_start, (float)correction.Start, sample);
            AddPredictions(correction.Predictions, sample);
        }

        if (_table.HasCorrections)
        {
            sample.CopyTo(_start);
        }

        TensorPrimitives.Multiply(sample, (float)step.Sample, sample);
        Add(modelOutput, step.Output, sample);
        AddPredictions(step.Predictions, sample);
        if (step.Noise != 0)
        {
            _stepNoise!.Fill(stepIndex, _noise);
            Add(_noise, step.Noise, sample);
        }
    }

    // A solver's history is worth something only in order and for one sample.
    private void Follow(int stepIndex, int length)
    {
        if (_table.HasHistory && stepIndex != _next)
        {
            throw new InvalidOperationException($"step {stepIndex} follows step {_next - 1}: take the steps in order, and Reset before each sample");
        }

        if (_table.HasHistory && stepIndex > 0 && length != _predictions[0].Length)
        {
            throw new ArgumentException($"a sample of {length} values after one of {_predictions[0].Length}", nameof(length));
        }

        _next = stepIndex + 1;
        for (int i = 0; i < _predictions.Length; i++)
        {
            Fit(ref _predictions[i], length);
        }

        Fit(ref _start, _table.HasCorrections ? length : 0);
        Fit(ref _noise, _table.IsStochastic ? length : 0);
    }

    private static void Fit(ref float[] buffer, int length)
    {
        if (buffer.Length != length)
        {
            buffer = new float[length];
        }
    }

    // The oldest prediction's memory takes the newest, which moves to the front.
    private void Predict(StepCoefficients step, ReadOnlySpan<float> modelOutput, ReadOnlySpan<float> sample)
    {
        float[] newest = _predictions[^1];
        _predictions.AsSpan(0, _predictions.Length - 1).CopyTo(_predictions.AsSpan(1));
        _predictions[0] = newest;
        TensorPrimitives.Multiply(sample, (float)step.PredictionOfSample, newest);
        Add(modelOutput, step.PredictionOfOutput, newest);
        if (double.IsFinite(_table.ClipRange))
        {
            float limit = (float)_table.ClipRange;
            TensorPrimitives.Min(newest, limit, newest);
            TensorPrimitives.Max(newest, -limit, newest);
        }
    }

    private void AddPredictions(ReadOnlySpan<double> factors, Span<float> sum)
    {
        for (int i = 0; i < factors.Length; i++)
        {
            Add(_predictions[i], factors[i], sum);
        }
    }

    private static void Add(ReadOnlySpan<float> values, double factor, Span<float> sum)
    {
        if (factor != 0)
        {
            TensorPrimitives.MultiplyAdd(values, (float)factor, sum, sum);
        }
    }
}
