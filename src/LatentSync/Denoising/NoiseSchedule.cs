using LatentSync.Models.Configuration;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// The variance schedule that the network was trained with: <c>alphas_cumprod</c> per train timestep
/// (Ho et al. 2020; <c>beta_*</c> of diffusers' <c>scheduler_config.json</c>).
/// </summary>
internal sealed class NoiseSchedule
{
    private NoiseSchedule(float[] alphasCumprod)
    {
        AlphasCumprod = alphasCumprod;
        Sigmas = [.. alphasCumprod.Select(alpha => MathF.Sqrt((1f - alpha) / alpha))];
    }

    /// <summary>The product of <c>1 - beta</c> up to and including each train timestep.</summary>
    public IReadOnlyList<float> AlphasCumprod { get; }

    /// <summary>
    /// Noise to signal per train timestep, <c>sqrt((1 - alpha) / alpha)</c> of the cumulative alpha: ascending. In float32 as in diffusers, where
    /// the first ones carry the rounding of an alpha close to 1.
    /// </summary>
    public IReadOnlyList<float> Sigmas { get; }

    /// <summary>Computes the schedule in float32, the product in double, as torch does on the CPU.</summary>
    /// <exception cref="LatentSyncException">The schedule's name is not supported.</exception>
    public static NoiseSchedule Create(SchedulerConfig config)
    {
        float[] betas = config.TrainedBetas is { Count: > 0 } trained
            ? [.. trained.Select(beta => (float)beta)]
            : Betas(config);
        float[] cumulative = new float[betas.Length];
        double product = 1;
        for (int i = 0; i < betas.Length; i++)
        {
            product *= 1f - betas[i];
            cumulative[i] = (float)product;
        }

        return new NoiseSchedule(cumulative);
    }

    private static float[] Betas(SchedulerConfig config)
    {
        switch (config.BetaSchedule)
        {
            case BetaSchedule.Linear:
                return Linspace((float)config.BetaStart, (float)config.BetaEnd, config.NumTrainTimesteps);
            case BetaSchedule.ScaledLinear:
                // Linear in the square root: the schedule of latent diffusion (Rombach et al. 2022).
                float[] roots = Linspace((float)Math.Sqrt(config.BetaStart), (float)Math.Sqrt(config.BetaEnd), config.NumTrainTimesteps);
                return [.. roots.Select(root => root * root)];
            default:
                throw new LatentSyncException(LatentSyncError.Model, $"beta_schedule '{config.BetaSchedule}' is not supported");
        }
    }

    // torch.linspace fills its second half from the end, so that both ends are exact.
    private static float[] Linspace(float start, float end, int count)
    {
        float[] values = new float[count];
        float step = count > 1 ? (end - start) / (count - 1) : 0;
        for (int i = 0; i < count; i++)
        {
            values[i] = i < count / 2 ? start + (step * i) : end - (step * (count - 1 - i));
        }

        return values;
    }
}
