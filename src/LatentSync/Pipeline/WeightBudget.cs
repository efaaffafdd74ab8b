using LatentSync.Models.Packs;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Pipeline;

/// <summary>
/// How many bytes of an engine's weights stay on the GPU. The UNet, which has nearly all of a pack's weights, must be able to stream where there is a limit;
/// the VAE's networks stream if they can, each with at most as much on the GPU.
/// </summary>
/// <param name="limitInBytes">The limit for each engine; null for none.</param>
internal sealed class WeightBudget(long? limitInBytes)
{
    /// <summary>Whether an engine of a network must be able to stream its weights.</summary>
    public bool Requires(string network) => limitInBytes is not null && network is not (PackComponentName.VaeEncoder or PackComponentName.VaeDecoder);

    /// <summary>Whether an engine can be used for a network.</summary>
    public bool Takes(string network, EngineFlags flags) => !Requires(network) || flags.HasFlag(EngineFlags.WeightStreaming);

    /// <summary>Of several engines the one to take comes first: those that stream are slower, and larger by what streaming takes.</summary>
    public int Order(EngineFlags flags) => flags.HasFlag(EngineFlags.WeightStreaming) == limitInBytes is not null ? 0 : 1;

    /// <summary>What to load an engine with; null keeps all of its weights on the GPU, as does a limit above them.</summary>
    public long? For(EngineFlags flags) => flags.HasFlag(EngineFlags.WeightStreaming) ? limitInBytes : null;
}
