namespace LatentSync.Models.Packs;

/// <summary>How a pack's networks were quantized: the part of the manifest that tells a quantized pack from the one it was made of.</summary>
/// <param name="Recipe">The recipe's name: a preset's, or its file's without folders.</param>
/// <param name="Target">The runtime that it is for: <c>onnx-cpu</c> or <c>tensorrt</c>.</param>
/// <param name="Networks">What was done to each network; those that are not there are as they were.</param>
public sealed record PackQuantization(string Recipe, string Target, IReadOnlyList<QuantizedComponent> Networks);
