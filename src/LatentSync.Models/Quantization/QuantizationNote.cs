using System.Globalization;
using LatentSync.Models.Packs;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Models.Quantization.Recipes;

namespace LatentSync.Models.Quantization;

/// <summary>What the manifest says of a quantized network.</summary>
internal static class QuantizationNote
{
    public static QuantizedComponent Of(PackComponent component, NetworkRecipe recipe, QuantizationReport report, NetworkStatistics? statistics) => new()
    {
        Name = component.Name,
        Precision = RecipeWords.Of(RecipeWords.Precisions, recipe.Precision),
        Rest = RecipeWords.Of(RecipeWords.Precisions, recipe.Rest),
        Level = recipe.ChoosesLayers ? RecipeWords.Of(RecipeWords.Levels, recipe.Level) : null,
        Range = recipe.NeedsCalibration ? Range(recipe) : null,
        Quantize = recipe.Quantize,
        Keep = recipe.Keep,
        Excluded = [.. report.Layers.Where(layer => !layer.IsChosen).Select(layer => $"{layer.Layer}: {layer.Reason}").Distinct()],
        LayerCount = report.Layers.Count,
        QuantizedLayerCount = report.ChosenCount,
        QuantizedWeightShare = Math.Round(report.WeightShare, 6),
        CalibrationRuns = statistics?.RunCount,
        SourceSha256 = component.ComputeFingerprint(),
    };

    private static string Range(NetworkRecipe recipe) => recipe.Range == RangeMethod.Max
        ? "max"
        : string.Create(CultureInfo.InvariantCulture, $"percentile {recipe.Percentile}");
}
