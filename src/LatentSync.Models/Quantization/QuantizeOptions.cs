using LatentSync.Models.Quantization.Calibration;
using LatentSync.Models.Quantization.Recipes;

namespace LatentSync.Models.Quantization;

/// <summary>What pack to quantize, how, and to where.</summary>
public sealed record QuantizeOptions
{
    /// <summary>The pack's folder; it is not changed.</summary>
    public required string PackPath { get; init; }

    /// <summary>What becomes of its networks.</summary>
    public required QuantizationRecipe Recipe { get; init; }

    /// <summary>What a calibration saw of it; null for recipes that need none.</summary>
    public CalibrationStatistics? Calibration { get; init; }

    /// <summary>The new pack's folder.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Whether an existing pack of the same name is replaced; it stays until the new one is complete.</summary>
    public bool Overwrite { get; init; }
}
