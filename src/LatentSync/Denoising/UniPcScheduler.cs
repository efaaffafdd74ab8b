using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// UniPC (Zhao et al. 2023): a multistep predictor over the predicted clean sample, each step of which is corrected once the network has seen
/// where it led, without another evaluation. Equal to diffusers' UniPCMultistepScheduler with <c>predict_x0</c>; order 2 and bh2 are its defaults.
/// </summary>
/// <param name="config">A configuration of that class, see <see cref="SchedulerConfig.ForClass"/>.</param>
/// <param name="steps">Number of denoising steps, 1 to <c>num_train_timesteps</c>.</param>
/// <exception cref="LatentSyncException">The step count or a setting of the configuration is not supported.</exception>
public sealed class UniPcScheduler(SchedulerConfig config, int steps) : LinearScheduler(Tabulate(config, steps))
{
    private static StepTable Tabulate(SchedulerConfig config, int steps)
    {
        StepCount.CheckMultistep(steps, config);
        if (!config.LowerOrderFinal && config.FinalSigma == FinalSigma.Zero && config.SolverOrder > 1)
        {
            throw new LatentSyncException(LatentSyncError.Model,
                "lower_order_final false needs final_sigmas_type sigma_min with unipc: no slope reaches to a noise level of zero");
        }

        SigmaSchedule sigmas = SigmaSchedule.Multistep(
            config, NoiseSchedule.Create(config), config.NumTrainTimesteps, steps, config.SigmaMin, config.SigmaMax);
        SigmaPoint[] points = [.. sigmas.Sigmas.Select(SigmaPoint.Of)];
        int[] orders = [.. Enumerable.Range(0, sigmas.Steps).Select(i => Order(config, points, i))];
        return new StepTable(sigmas.Timesteps, [.. orders.Select((order, i) => points[i].Predict(config.PredictionType) with
        {
            Correction = i > 0 ? Correction(config.SolverType, points, i, orders[i - 1]) : null,
            Sample = points[i + 1].Noise / points[i].Noise,
            Predictions = Predictor(config.SolverType, points, i, order),
        })]);
    }

    private static int Order(SchedulerConfig config, SigmaPoint[] points, int step)
    {
        int remaining = points.Length - 1 - step;
        return MultistepOrder.Limit(config.LowerOrderFinal ? Math.Min(config.SolverOrder, remaining) : config.SolverOrder, points, step);
    }

    // x' = noise'/noise * x - signal' * (phi * m0 + B * sum of rho[k] * D[k]), D[k] = (m[k] - m0) / r[k].
    private static double[] Predictor(SolverType type, SigmaPoint[] points, int step, int order)
    {
        double h = points[step + 1].Lambda - points[step].Lambda, signal = points[step + 1].Signal;
        UniPcMoments moments = new(type, h, order);
        double[] weights = new double[order];
        weights[0] = -signal * moments.Phi;
        if (order > 1)
        {
            double[] ratios = Ratios(points, step, order - 1, h);
            double[] rho = order == 2 ? [0.5] : moments.Solve(ratios);
            AddDifferences(weights, 0, rho, ratios, -signal * moments.B);
        }

        return weights;
    }

    // The step before, from its start, with what the network says at its end (m[0] here) as one more point: D = m[0] - m[1].
    private static StepCorrection? Correction(SolverType type, SigmaPoint[] points, int step, int order)
    {
        double h = points[step].Lambda - points[step - 1].Lambda, signal = points[step].Signal;
        if (h == 0)
        {
            return null;
        }

        UniPcMoments moments = new(type, h, order);
        double[] ratios = Ratios(points, step - 1, order - 1, h);
        double[] rho = order == 1 ? [0.5] : moments.Solve([.. ratios, 1]);
        double[] weights = new double[order + 1];
        weights[0] = -signal * moments.B * rho[^1];
        weights[1] = (-signal * moments.Phi) - weights[0];
        AddDifferences(weights, 1, rho, ratios, -signal * moments.B);
        return new StepCorrection(points[step].Noise / points[step - 1].Noise, weights);
    }

    private static double[] Ratios(SigmaPoint[] points, int step, int count, double h) =>
        [.. Enumerable.Range(1, count).Select(k => (points[step - k].Lambda - points[step].Lambda) / h)];

    private static void AddDifferences(double[] weights, int origin, double[] rho, double[] ratios, double factor)
    {
        for (int k = 0; k < ratios.Length; k++)
        {
            double weight = factor * rho[k] / ratios[k];
            weights[origin + k + 1] += weight;
            weights[origin] -= weight;
        }
    }
}
