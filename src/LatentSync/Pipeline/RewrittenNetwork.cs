using LatentSync.Models.Onnx;
using LatentSync.Models.Packs;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Pipeline;

/// <summary>Loads networks of a pack that were rewritten in memory.</summary>
internal static class RewrittenNetwork
{
    /// <summary>Loads a graph whose weights lie in the pack's file.</summary>
    /// <param name="graph">The rewritten network.</param>
    /// <param name="part">What tells it apart from others made of the same component.</param>
    /// <param name="component">The component that it was made of.</param>
    /// <param name="path">The component's file, for messages.</param>
    /// <param name="session">Session settings.</param>
    /// <param name="sharedNames">Weights that other networks hold too.</param>
    /// <param name="shared">Holds those; null if there are none.</param>
    /// <exception cref="LatentSyncException">ONNX Runtime refuses it.</exception>
    public static OnnxRuntimeEngine Load(
        OnnxGraph graph, string part, PackComponent component, string path, OnnxRuntimeOptions session, IReadOnlySet<string>? sharedNames = null, SharedWeights? shared = null)
    {
        OnnxModelImage image = OnnxModelImage.Of(graph);
        ExternalWeight[] weights = [.. image.Weights.Where(weight => sharedNames?.Contains(weight.Name) == true)];
        return OnnxRuntimeEngine.Load(image.Bytes, image.DataFolder, path, OnnxEngineCache.Add(session, component, part, image.Bytes.Span), weights, shared);
    }

    /// <summary>Loads the VAE's decoder, with the rewrites that apply to it.</summary>
    /// <exception cref="LatentSyncException">A file is missing or damaged, or ONNX Runtime refuses it.</exception>
    public static OnnxRuntimeEngine LoadDecoder(ModelPack pack, UNetRewrites rewrites, OnnxRuntimeOptions session)
    {
        PackComponent component = pack.Component(PackComponentName.VaeDecoder);
        if (!rewrites.HasFlag(UNetRewrites.PhaseUpsampling) || session.Provider != OnnxExecutionProvider.Cpu)
        {
            return OnnxRuntimeEngine.Load(pack.VaeDecoderPath, OnnxEngineCache.Add(session, component));
        }

        using OnnxModelReader model = OnnxModelReader.Open(pack.VaeDecoderPath);
        return Load(new PhaseUpsampling().Apply(model.Graph), "phases", component, pack.VaeDecoderPath, session);
    }
}
