namespace LatentSync.Models.Quantization.Recipes;

/// <summary>The words that recipes, manifests and messages use for a recipe's choices.</summary>
internal static class RecipeWords
{
    public static IReadOnlyDictionary<string, QuantizationTarget> Targets { get; } = new Dictionary<string, QuantizationTarget>
    {
        ["onnx-cpu"] = QuantizationTarget.OnnxCpu,
        ["tensorrt"] = QuantizationTarget.TensorRt,
    };

    public static IReadOnlyDictionary<string, NetworkPrecision> Precisions { get; } = new Dictionary<string, NetworkPrecision>
    {
        ["fp32"] = NetworkPrecision.Fp32,
        ["fp16"] = NetworkPrecision.Fp16,
        ["bf16"] = NetworkPrecision.BFloat16,
        ["int8"] = NetworkPrecision.Int8,
        ["int8-dynamic"] = NetworkPrecision.Int8Dynamic,
        ["fp8"] = NetworkPrecision.Fp8,
        ["weight-only"] = NetworkPrecision.WeightOnly,
    };

    public static IReadOnlyDictionary<string, QuantizationLevel> Levels { get; } = new Dictionary<string, QuantizationLevel>
    {
        ["none"] = QuantizationLevel.None,
        ["conv"] = QuantizationLevel.Conv,
        ["conv+ff"] = QuantizationLevel.FeedForward,
        ["conv+ff+qkv"] = QuantizationLevel.Attention,
        ["all"] = QuantizationLevel.All,
    };

    public static IReadOnlyDictionary<string, RangeMethod> Ranges { get; } = new Dictionary<string, RangeMethod>
    {
        ["max"] = RangeMethod.Max,
        ["percentile"] = RangeMethod.Percentile,
    };

    /// <summary>The word for a value.</summary>
    public static string Of<T>(IReadOnlyDictionary<string, T> words, T value)
        where T : struct, Enum => words.First(word => EqualityComparer<T>.Default.Equals(word.Value, value)).Key;
}
