using LatentSync.Models.Configuration;

namespace LatentSync.Denoising;

/// <summary>
/// Inference timesteps over the training's, in float64 and with NumPy's roundings (<c>linspace</c> and <c>arange</c> are multiples of a step,
/// halves go to even), from the noisiest down (diffusers' <c>timestep_spacing</c>; Lin et al. 2024, table 2).
/// </summary>
internal static class TimestepLayout
{
    /// <summary>Lays out whole timesteps.</summary>
    /// <param name="config">Spacing and offset.</param>
    /// <param name="range">Number of training steps to lay them over, at most all.</param>
    /// <param name="steps">How many.</param>
    /// <param name="landing">
    /// Whether linspace and leading spacing are laid out for one step more, at timestep 0, which is left out: solvers that end at a noise level
    /// of their own do so.
    /// </param>
    public static double[] Whole(SchedulerConfig config, int range, int steps, bool landing) => config.TimestepSpacing switch
    {
        TimestepSpacing.Linspace => [.. Linspace(range - 1, landing ? steps + 1 : steps).Take(steps).Select(timestep => Math.Round(timestep))],
        TimestepSpacing.Leading => Leading(range / (landing ? steps + 1 : steps), steps, config.StepsOffset, landing ? 1 : 0),
        _ => Trailing(config.NumTrainTimesteps, range, steps),
    };

    /// <summary>Evenly from <paramref name="last"/> down to 0, both included; a single one is 0.</summary>
    public static double[] Linspace(double last, int count)
    {
        double[] values = new double[count];
        double step = count > 1 ? last / (count - 1) : 0;
        for (int i = 0; i < count; i++)
        {
            values[i] = (count - 1 - i) * step;
        }

        if (count > 1)
        {
            values[0] = last;
        }

        return values;
    }

    private static double[] Leading(int ratio, int steps, int offset, int first)
    {
        double[] values = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            values[i] = ((steps - 1 - i + first) * ratio) + offset;
        }

        return values;
    }

    // A narrower range takes fewer steps of the same size.
    private static double[] Trailing(int trainSteps, int range, int steps)
    {
        double ratio = (double)trainSteps / steps, step = range - ratio - range;
        double[] values = new double[range == trainSteps ? steps : (int)Math.Ceiling(range / ratio)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Math.Round(range + (i * step)) - 1;
        }

        return values;
    }
}
