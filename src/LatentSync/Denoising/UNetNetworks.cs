using LatentSync.Models.Rewrites;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>The UNet as the networks that its steps run, loaded; each as <see cref="UNetProgram"/> describes it. The plain network alone will do.</summary>
/// <param name="Step">
/// A whole step, to <c>out_sample</c> <c>[B,C,F,h,w]</c>. The plain network takes <c>sample</c> <c>[B,3C+1,F,h,w]</c> (noisy latents, mask, masked latents,
/// reference latents), <c>timestep</c> <c>[1]</c> and <c>encoder_hidden_states</c> <c>[B*F,S,D]</c>.
/// </param>
public sealed record UNetNetworks(IInferenceEngine Step)
{
    /// <summary>Computes the steps' time table; null if they take the timestep.</summary>
    public IInferenceEngine? Schedule { get; init; }

    /// <summary>Computes what is constant over a chunk; null if the steps take speech and conditioning.</summary>
    public IInferenceEngine? Chunk { get; init; }

    /// <summary>A step that takes over deep features of a whole one; null without step caching.</summary>
    public IInferenceEngine? ShallowStep { get; init; }

    /// <summary>Whether one chunk in gives both halves of guidance, silent first.</summary>
    public bool SharesGuidance { get; init; }

    /// <summary>All that are there.</summary>
    internal IEnumerable<IInferenceEngine> All => new[] { Step, Schedule, Chunk, ShallowStep }.OfType<IInferenceEngine>();
}
