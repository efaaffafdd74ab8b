using LatentSync.Models.Packs;

namespace LatentSync.Models.Quantization;

/// <summary>A quantized pack.</summary>
/// <param name="Pack">The pack, opened.</param>
/// <param name="Source">The manifest of the pack that it was made of, for comparing sizes.</param>
/// <param name="Reports">What was done, by the network's name.</param>
public sealed record QuantizeResult(ModelPack Pack, PackManifest Source, IReadOnlyDictionary<string, QuantizationReport> Reports);
