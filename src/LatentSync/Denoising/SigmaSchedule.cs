using LatentSync.Models.Configuration;

namespace LatentSync.Denoising;

/// <summary>
/// The noise levels that a sigma-based solver visits: sigma is noise to signal, rounded to float32 as diffusers keeps it.
/// </summary>
/// <param name="Timesteps">What the network is told at each step.</param>
/// <param name="Sigmas">The level at each step, and the one that the last step ends at: one more.</param>
internal sealed record SigmaSchedule(double[] Timesteps, double[] Sigmas)
{
    // Exponent of Karras et al. 2022, equation 5.
    private const double Rho = 7;

    public int Steps => Timesteps.Length;

    /// <summary>The levels of the multistep solvers (DPM-Solver++, UniPC): whole timesteps of the training.</summary>
    /// <param name="config">Spacing, final level, Karras spacing.</param>
    /// <param name="schedule">The training's levels.</param>
    /// <param name="range">Training steps to use, from step 0 on.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="smallest">Smallest level of Karras spacing; null takes the training's.</param>
    /// <param name="largest">Largest level of Karras spacing; null takes the training's.</param>
    public static SigmaSchedule Multistep(SchedulerConfig config, NoiseSchedule schedule, int range, int steps, double? smallest = null, double? largest = null)
    {
        if (config.UseKarrasSigmas)
        {
            double last = smallest ?? schedule.Sigmas[0];
            double[] sigmas = Karras(last, largest ?? schedule.Sigmas[^1], steps);
            double final = config.FinalSigma == FinalSigma.Zero ? 0 : last;
            return Create([.. sigmas.Select(sigma => Math.Round(ToTimestep(schedule, sigma)))], sigmas, final);
        }

        double[] timesteps = TimestepLayout.Whole(config, range, steps, landing: true);
        return Create(timesteps, [.. timesteps.Select(timestep => Interpolate(schedule, timestep))], FinalLevel(config, schedule));
    }

    /// <summary>Euler's levels: linspace timesteps and those of Karras spacing are fractional.</summary>
    /// <param name="config">Spacing, final level, interpolation, Karras spacing.</param>
    /// <param name="schedule">The training's levels.</param>
    /// <param name="steps">Number of steps.</param>
    public static SigmaSchedule Euler(SchedulerConfig config, NoiseSchedule schedule, int steps)
    {
        // diffusers lays them out in float32, which shows between the training's levels.
        double[] timesteps = config.TimestepSpacing == TimestepSpacing.Linspace
            ? [.. TimestepLayout.Linspace(config.NumTrainTimesteps - 1, steps).Select(timestep => (double)(float)timestep)]
            : TimestepLayout.Whole(config, config.NumTrainTimesteps, steps, landing: false);
        double final = FinalLevel(config, schedule);
        double[] sigmas = [.. timesteps.Select(timestep => Interpolate(schedule, timestep))];
        if (config.SigmaInterpolation == SigmaInterpolation.LogLinear)
        {
            double[] levels = LogLinear(schedule.Sigmas[0], schedule.Sigmas[^1], steps + 1);
            (sigmas, final) = (levels[..^1], levels[^1]);
        }

        if (config.UseKarrasSigmas)
        {
            double smallest = config.SigmaInterpolation == SigmaInterpolation.LogLinear ? final : sigmas[^1];
            sigmas = Karras(config.SigmaMin ?? smallest, config.SigmaMax ?? sigmas[0], steps);
            timesteps = [.. sigmas.Select(sigma => ToTimestep(schedule, sigma))];
            final = FinalLevel(config, schedule);
        }

        return Create(timesteps, sigmas, final);
    }

    private static SigmaSchedule Create(double[] timesteps, double[] sigmas, double final) =>
        new(timesteps, [.. sigmas.Append(final).Select(sigma => (double)(float)sigma)]);

    private static double FinalLevel(SchedulerConfig config, NoiseSchedule schedule) =>
        config.FinalSigma == FinalSigma.SigmaMin ? schedule.Sigmas[0] : 0;

    private static double[] Karras(double smallest, double largest, int steps)
    {
        double from = Math.Pow(largest, 1 / Rho), to = Math.Pow(smallest, 1 / Rho);
        double ramp = steps > 1 ? 1.0 / (steps - 1) : 0;
        return [.. Enumerable.Range(0, steps).Select(i => Math.Pow(from + (i * ramp * (to - from)), Rho))];
    }

    private static double[] LogLinear(double smallest, double largest, int count)
    {
        double from = Math.Log(largest), to = Math.Log(smallest);
        return [.. Enumerable.Range(0, count).Select(i => Math.Exp(from + (i * (to - from) / (count - 1))))];
    }

    private static double Interpolate(NoiseSchedule schedule, double timestep)
    {
        int last = schedule.Sigmas.Count - 1;
        double clamped = Math.Clamp(timestep, 0, last);
        int low = (int)clamped;
        double from = schedule.Sigmas[low];
        return low == last ? from : from + ((clamped - low) * (schedule.Sigmas[low + 1] - from));
    }

    // Where a level lies among the training's, by its logarithm; levels beyond them count as the first or the last.
    private static double ToTimestep(NoiseSchedule schedule, double sigma)
    {
        double target = Math.Log(Math.Max(sigma, 1e-10));
        int low = 0;
        while (low < schedule.Sigmas.Count - 2 && MathF.Log(schedule.Sigmas[low + 1]) <= target)
        {
            low++;
        }

        if (low == schedule.Sigmas.Count - 1)
        {
            return low;
        }

        float from = MathF.Log(schedule.Sigmas[low]), to = MathF.Log(schedule.Sigmas[low + 1]);
        return low + Math.Clamp((from - target) / (from - to), 0, 1);
    }
}
