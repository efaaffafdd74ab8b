using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// Euler's method on the probability-flow equation of Karras et al. 2022 (algorithm 2 without churn). Equal to diffusers' EulerDiscreteScheduler:
/// the sample is clean + sigma * noise, so the initial noise and the network's input are scaled, and timesteps are fractional.
/// </summary>
/// <param name="config">A configuration of that class, see <see cref="SchedulerConfig.ForClass"/>.</param>
/// <param name="steps">Number of denoising steps, 1 to <c>num_train_timesteps</c>.</param>
/// <exception cref="LatentSyncException">The step count or a setting of the configuration is not supported.</exception>
public sealed class EulerScheduler(SchedulerConfig config, int steps) : LinearScheduler(Tabulate(config, steps))
{
    private static StepTable Tabulate(SchedulerConfig config, int steps)
    {
        StepCount.Check(steps, config.NumTrainTimesteps);
        SigmaSchedule schedule = SigmaSchedule.Euler(config, NoiseSchedule.Create(config), steps);
        double largest = schedule.Sigmas.Max();
        return new StepTable(
            schedule.Timesteps,
            [.. Enumerable.Range(0, schedule.Steps).Select(i => Step(config.PredictionType, schedule.Sigmas[i], schedule.Sigmas[i + 1]))],
            config.TimestepSpacing == TimestepSpacing.Leading ? Math.Sqrt((largest * largest) + 1) : largest);
    }

    // x' = x + (sigma' - sigma) * (x - clean) / sigma; the network sees x on the scale of its training, x / sqrt(sigma^2 + 1).
    private static StepCoefficients Step(PredictionType type, double sigma, double next)
    {
        SigmaPoint point = SigmaPoint.Of(sigma);
        CleanPrediction prediction = CleanPrediction.Of(type, point.Signal, point.Noise);
        double share = (next - sigma) / sigma;
        return new StepCoefficients
        {
            InputScale = point.Signal,
            Sample = 1 + (share * (1 - (prediction.CleanOfSample * point.Signal))),
            Output = -share * prediction.CleanOfOutput,
        };
    }
}
