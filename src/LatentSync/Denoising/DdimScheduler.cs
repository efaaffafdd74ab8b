using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// Denoising diffusion implicit models (Song et al. 2021) with eta 0: the original's sampler.
/// Predictions may be of the noise (<c>epsilon</c>), of the velocity (<c>v_prediction</c>, Salimans and Ho 2022) or of the clean sample (<c>sample</c>).
/// </summary>
public sealed class DdimScheduler : IScheduler
{
    private readonly SchedulerConfig _config;
    private readonly NoiseSchedule _schedule;
    private readonly int[] _timesteps;

    /// <summary>Lays out the steps.</summary>
    /// <param name="config">The pack's scheduler configuration.</param>
    /// <param name="steps">Number of denoising steps, 1 to <c>num_train_timesteps</c>.</param>
    /// <exception cref="LatentSyncException">The step count or a setting of the configuration is not supported.</exception>
    public DdimScheduler(SchedulerConfig config, int steps)
    {
        if (steps < 1 || steps > config.NumTrainTimesteps)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"{steps} denoising steps: give 1 to {config.NumTrainTimesteps}");
        }

        _config = config;
        _schedule = NoiseSchedule.Create(config);
        _timesteps = LayOutTimesteps(config, steps);
        Timesteps = [.. _timesteps.Select(t => (float)t)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<float> Timesteps { get; }

    /// <inheritdoc/>
    public double InitNoiseSigma => 1;

    /// <inheritdoc/>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    public void ScaleModelInput(int stepIndex, ReadOnlySpan<float> sample, Span<float> destination) => sample.CopyTo(destination);

    /// <inheritdoc/>
    public void Step(int stepIndex, ReadOnlySpan<float> modelOutput, Span<float> sample)
    {
        int timestep = _timesteps[stepIndex];
        int previous = timestep - (_config.NumTrainTimesteps / _timesteps.Length);
        double alpha = _schedule.AlphasCumprod[timestep];
        double alphaPrevious = previous >= 0 ? _schedule.AlphasCumprod[previous] : FinalAlpha;
        (float cleanOfSample, float cleanOfOutput, float noiseOfSample, float noiseOfOutput) = Predictions(alpha);
        float cleanShare = (float)Math.Sqrt(alphaPrevious), noiseShare = (float)Math.Sqrt(1 - alphaPrevious);
        float limit = _config.ClipSample ? (float)_config.ClipSampleRange : float.PositiveInfinity;
        for (int i = 0; i < sample.Length; i++)
        {
            float clean = (cleanOfSample * sample[i]) + (cleanOfOutput * modelOutput[i]);
            float noise = (noiseOfSample * sample[i]) + (noiseOfOutput * modelOutput[i]);
            sample[i] = (cleanShare * Math.Clamp(clean, -limit, limit)) + (noiseShare * noise);
        }
    }

    private double FinalAlpha => _config.SetAlphaToOne ? 1 : _schedule.AlphasCumprod[0];

    // The clean sample and the noise as linear combinations of the noisy sample x and the network's output.
    private (float CleanOfSample, float CleanOfOutput, float NoiseOfSample, float NoiseOfOutput) Predictions(double alpha)
    {
        double signal = Math.Sqrt(alpha), noise = Math.Sqrt(1 - alpha);
        return _config.PredictionType switch
        {
            PredictionType.Epsilon => ((float)(1 / signal), (float)(-noise / signal), 0, 1),
            PredictionType.VPrediction => ((float)signal, (float)-noise, (float)noise, (float)signal),
            PredictionType.Sample => (0, 1, (float)(1 / noise), (float)(-signal / noise)),
            _ => throw new LatentSyncException(LatentSyncError.Model, $"prediction_type '{_config.PredictionType}' is not supported by DDIM"),
        };
    }

    private static int[] LayOutTimesteps(SchedulerConfig config, int steps)
    {
        int train = config.NumTrainTimesteps;
        return config.TimestepSpacing switch
        {
            TimestepSpacing.Leading => [.. Enumerable.Range(0, steps).Reverse().Select(i => Math.Min((i * (train / steps)) + config.StepsOffset, train - 1))],
            TimestepSpacing.Linspace => [.. Enumerable.Range(0, steps).Reverse().Select(i => steps == 1 ? 0 : (int)Math.Round((double)i * (train - 1) / (steps - 1), MidpointRounding.ToEven))],
            TimestepSpacing.Trailing => [.. Enumerable.Range(0, steps).Select(i => (int)Math.Round(train - (i * ((double)train / steps)), MidpointRounding.ToEven) - 1)],
            _ => throw new LatentSyncException(LatentSyncError.Model, $"timestep_spacing '{config.TimestepSpacing}' is not supported by DDIM"),
        };
    }
}
