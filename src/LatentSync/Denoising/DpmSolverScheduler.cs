using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// DPM-Solver++ (Lu et al. 2022b), multistep: an exponential integrator over the predicted clean sample that fits a polynomial through the
/// last one to three predictions. Equal to diffusers' DPMSolverMultistepScheduler with <c>algorithm_type</c> dpmsolver++; order 2 is its default.
/// </summary>
/// <param name="config">A configuration of that class, see <see cref="SchedulerConfig.ForClass"/>.</param>
/// <param name="steps">Number of denoising steps, 1 to <c>num_train_timesteps</c>.</param>
/// <exception cref="LatentSyncException">The step count or a setting of the configuration is not supported.</exception>
public sealed class DpmSolverScheduler(SchedulerConfig config, int steps) : LinearScheduler(Tabulate(config, steps))
{
    // Below this many steps diffusers lowers the order of the last ones, as the authors advise.
    private const int FewSteps = 15;

    private static StepTable Tabulate(SchedulerConfig config, int steps)
    {
        StepCount.CheckMultistep(steps, config);
        NoiseSchedule schedule = NoiseSchedule.Create(config);
        SigmaSchedule sigmas = SigmaSchedule.Multistep(config, schedule, UsableRange(config, schedule), steps);
        SigmaPoint[] points = [.. sigmas.Sigmas.Select(SigmaPoint.Of)];
        return new StepTable(sigmas.Timesteps, [.. Enumerable.Range(0, sigmas.Steps).Select(i => points[i].Predict(config.PredictionType) with
        {
            Sample = points[i + 1].Noise / points[i].Noise,
            Predictions = Weights(config, points, i, Order(config, points, i)),
        })]);
    }

    // lambda_min_clipped leaves out the noisiest training steps.
    private static int UsableRange(SchedulerConfig config, NoiseSchedule schedule)
    {
        int range = schedule.Sigmas.Count(sigma => -Math.Log(sigma) >= config.LambdaMinClipped);
        return range > 0
            ? range
            : throw new LatentSyncException(LatentSyncError.Model, $"lambda_min_clipped {config.LambdaMinClipped} leaves out every training step; lower it");
    }

    private static int Order(SchedulerConfig config, SigmaPoint[] points, int step)
    {
        int remaining = points.Length - 1 - step;
        bool few = config.LowerOrderFinal && points.Length - 1 < FewSteps;
        bool lowest = remaining == 1 && (few || config.EulerAtFinal || config.FinalSigma == FinalSigma.Zero);
        int wanted = lowest ? 1 : remaining == 2 && few ? 2 : 3;
        return MultistepOrder.Limit(Math.Min(wanted, config.SolverOrder), points, step);
    }

    // x' = noise'/noise * x - signal' * (phi0 * D0 - phi1 * D1 + phi2 * D2), where D are the prediction and its scaled differences.
    private static double[] Weights(SchedulerConfig config, SigmaPoint[] points, int step, int order)
    {
        double signal = points[step + 1].Signal, now = points[step].Lambda;
        double h = points[step + 1].Lambda - now;
        double phi0 = Math.Exp(-h) - 1;
        if (order == 1)
        {
            return [-signal * phi0];
        }

        double phi1 = (phi0 / h) + 1;
        double r0 = (now - points[step - 1].Lambda) / h;
        if (order == 2)
        {
            double slope = signal * (config.SolverType == SolverType.Heun ? phi1 : -0.5 * phi0) / r0;
            return [(-signal * phi0) + slope, -slope];
        }

        double phi2 = ((phi0 + h) / (h * h)) - 0.5;
        double r1 = (points[step - 1].Lambda - points[step - 2].Lambda) / h;

        // First and second difference of the predictions, as weights of (m0, m1, m2).
        double[] near = [1 / r0, -1 / r0, 0], far = [0, 1 / r1, -1 / r1];
        return [.. Enumerable.Range(0, 3).Select(k =>
        {
            double bend = (near[k] - far[k]) / (r0 + r1);
            return signal * ((k == 0 ? -phi0 : 0) + (phi1 * (near[k] + (r0 * bend))) - (phi2 * bend));
        })];
    }
}
