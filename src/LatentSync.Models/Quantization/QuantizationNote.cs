using System.Globalization;
using LatentSync.Models.Packs;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Models.Quantization.Recipes;

namespace LatentSync.Models.Quantization;

/// <summary>What the manifest says of a quantized network.</summary>
internal static class QuantizationNote
{
    public static QuantizedComponent Of(PackComponent component, NetworkRecipe recipe, QuantizationReport report, NetworkStatistics? statistics) => new(
        component.Name,
        RecipeWords.Of(RecipeWords.Precisions, recipe.Precision),
        RecipeWords.Of(RecipeWords.Precisions, recipe.Precision is NetworkPrecision.Fp16 or NetworkPrecision.BFloat16 ? NetworkPrecision.Fp32 : recipe.Rest),
        report.Layers.Count > 0 ? RecipeWords.Of(RecipeWords.Levels, recipe.Level) : null,
        recipe.NeedsCalibration ? Range(recipe) : null,
        recipe.Quantize,
        recipe.Keep,
        [.. report.Layers.Where(layer => !layer.IsChosen).Select(layer => $"{layer.Layer}: {layer.Reason}").Distinct()],
        report.Layers.Count,
        report.ChosenCount,
        Math.Round(report.WeightShare, 6),
        statistics?.RunCount,
        NetworkStatistics.FingerprintOf(component));

    private static string Range(NetworkRecipe recipe) => recipe.Range == RangeMethod.Max
        ? "max"
        : string.Create(CultureInfo.InvariantCulture, $"percentile {recipe.Percentile}");
}
