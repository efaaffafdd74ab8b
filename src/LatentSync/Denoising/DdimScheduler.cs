using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// Denoising diffusion implicit models (Song et al. 2021) with eta 0: the original's sampler. Equal to diffusers' DDIMScheduler.
/// Predictions may be of the noise (<c>epsilon</c>), of the velocity (<c>v_prediction</c>, Salimans and Ho 2022) or of the clean sample (<c>sample</c>).
/// </summary>
/// <param name="config">The pack's scheduler configuration.</param>
/// <param name="steps">Number of denoising steps, 1 to <c>num_train_timesteps</c>.</param>
/// <exception cref="LatentSyncException">The step count or a setting of the configuration is not supported.</exception>
public sealed class DdimScheduler(SchedulerConfig config, int steps) : LinearScheduler(Tabulate(config, steps))
{
    private static StepTable Tabulate(SchedulerConfig config, int steps)
    {
        StepCount.Check(steps, config.NumTrainTimesteps);
        IReadOnlyList<float> alphas = NoiseSchedule.Create(config).AlphasCumprod;
        double[] timesteps = [.. TimestepLayout.Whole(config, config.NumTrainTimesteps, steps, landing: false)
            .Select(timestep => Math.Min(timestep, config.NumTrainTimesteps - 1))];
        double finalAlpha = config.SetAlphaToOne ? 1 : alphas[0];
        StepCoefficients[] table = [.. timesteps.Select(timestep =>
        {
            int previous = (int)timestep - (config.NumTrainTimesteps / steps);
            return Step(config, alphas[(int)timestep], previous >= 0 ? alphas[previous] : finalAlpha);
        })];
        return new StepTable(timesteps, table, ClipRange: config.ClipSample ? config.ClipSampleRange : double.PositiveInfinity);
    }

    // x' = sqrt(alpha') * clean + sqrt(1 - alpha') * noise. Clipped, the noise stays the one that the network meant.
    private static StepCoefficients Step(SchedulerConfig config, double alpha, double next)
    {
        CleanPrediction prediction = CleanPrediction.Of(config.PredictionType, Math.Sqrt(alpha), Math.Sqrt(1 - alpha));
        double clean = Math.Sqrt(next), noise = Math.Sqrt(1 - next);
        return config.ClipSample
            ? new StepCoefficients
            {
                PredictionOfSample = prediction.CleanOfSample,
                PredictionOfOutput = prediction.CleanOfOutput,
                Sample = noise * prediction.NoiseOfSample,
                Output = noise * prediction.NoiseOfOutput,
                Predictions = [clean],
            }
            : new StepCoefficients
            {
                Sample = (clean * prediction.CleanOfSample) + (noise * prediction.NoiseOfSample),
                Output = (clean * prediction.CleanOfOutput) + (noise * prediction.NoiseOfOutput),
            };
    }
}
