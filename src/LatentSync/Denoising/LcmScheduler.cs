using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// Multistep consistency sampling of latent consistency models (Luo et al. 2023): jumps to the clean sample at each step and adds fresh noise
/// for the next. Equal to diffusers' LCMScheduler. Meant for networks distilled for it, in 1 to 8 steps.
/// </summary>
/// <param name="config">A configuration of that class, see <see cref="SchedulerConfig.ForClass"/>.</param>
/// <param name="steps">Number of denoising steps, 1 to <c>original_inference_steps</c>.</param>
/// <param name="stepNoise">The noise added after each step but the last; may be null for a single step.</param>
/// <exception cref="LatentSyncException">The step count or a setting of the configuration is not supported.</exception>
/// <exception cref="ArgumentNullException">There is no noise for more than one step.</exception>
public sealed class LcmScheduler(SchedulerConfig config, int steps, IStepNoise? stepNoise) : LinearScheduler(Tabulate(config, steps), stepNoise)
{
    // Standard deviation of the data in the boundary conditions (Song et al. 2023, appendix C).
    private const double DataDeviation = 0.5;

    private static StepTable Tabulate(SchedulerConfig config, int steps)
    {
        int original = config.OriginalInferenceSteps;
        if (original > config.NumTrainTimesteps)
        {
            throw new LatentSyncException(LatentSyncError.Model,
                $"original_inference_steps {original} is more than num_train_timesteps ({config.NumTrainTimesteps}): use another scheduler than lcm");
        }

        StepCount.Check(steps, original, " with the scheduler lcm");
        IReadOnlyList<float> alphas = NoiseSchedule.Create(config).AlphasCumprod;

        // Evenly chosen, from the last on, among the timesteps of the distillation.
        int ratio = config.NumTrainTimesteps / original;
        double stride = (double)original / steps;
        int[] timesteps = [.. Enumerable.Range(0, steps).Select(i => ((original - (int)(i * stride)) * ratio) - 1)];
        return new StepTable(
            [.. timesteps.Select(timestep => (double)timestep)],
            [.. timesteps.Select((timestep, i) => Step(config, timestep, alphas[timestep], i + 1 < steps ? alphas[timesteps[i + 1]] : 1))],
            ClipRange: config.ClipSample ? config.ClipSampleRange : double.PositiveInfinity);
    }

    // x' = sqrt(alpha') * (c_out * clean + c_skip * x) + sqrt(1 - alpha') * z
    private static StepCoefficients Step(SchedulerConfig config, int timestep, double alpha, double next)
    {
        CleanPrediction prediction = CleanPrediction.Of(config.PredictionType, Math.Sqrt(alpha), Math.Sqrt(1 - alpha));
        double time = timestep * config.TimestepScaling, spread = (time * time) + (DataDeviation * DataDeviation);
        double skip = Math.Sqrt(next) * DataDeviation * DataDeviation / spread, clean = Math.Sqrt(next) * time / Math.Sqrt(spread);
        double noise = Math.Sqrt(1 - next);
        return config.ClipSample
            ? new StepCoefficients
            {
                PredictionOfSample = prediction.CleanOfSample,
                PredictionOfOutput = prediction.CleanOfOutput,
                Sample = skip,
                Predictions = [clean],
                Noise = noise,
            }
            : new StepCoefficients
            {
                Sample = skip + (clean * prediction.CleanOfSample),
                Output = clean * prediction.CleanOfOutput,
                Noise = noise,
            };
    }
}
