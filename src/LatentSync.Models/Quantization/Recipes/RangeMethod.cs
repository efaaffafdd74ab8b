namespace LatentSync.Models.Quantization.Recipes;

/// <summary>How the range of a layer's input follows from its measured magnitudes.</summary>
public enum RangeMethod
{
    /// <summary>The largest magnitude seen.</summary>
    Max,

    /// <summary>The magnitude that a given share of the elements does not exceed; the others saturate.</summary>
    Percentile,
}
