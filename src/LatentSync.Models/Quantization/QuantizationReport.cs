using LatentSync.Models.Precision;
using LatentSync.Models.Quantization.Layers;

namespace LatentSync.Models.Quantization;

/// <summary>What a recipe did to one network.</summary>
/// <param name="Layers">Every layer with weights, in the graph's order, with what was decided of it and why; empty where a whole network changes its type.</param>
/// <param name="Float16">What going to 16 bits did, for the network or for the rest of it; null if nothing did.</param>
public sealed record QuantizationReport(IReadOnlyList<LayerDecision> Layers, Float16Report? Float16)
{
    /// <summary>Layers that were quantized.</summary>
    public int ChosenCount => Layers.Count(layer => layer.IsChosen);

    /// <summary>Share of the layers' weights that was quantized, 0 to 1.</summary>
    public double WeightShare => Layers.Count == 0 ? 0 : Layers.Where(layer => layer.IsChosen).Sum(layer => (double)layer.WeightCount) / Layers.Sum(layer => (double)layer.WeightCount);
}
