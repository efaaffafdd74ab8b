using LatentSync.Runtime;

namespace LatentSync.Models.Quantization.Recipes;

/// <summary>Refuses recipes whose parts do not go together: each runtime has forms that it cannot read, and forms that make it slower.</summary>
internal static class RecipeValidator
{
    /// <summary>Checks a recipe without a graph.</summary>
    /// <exception cref="LatentSyncException">Something in it does not go together.</exception>
    public static void Check(QuantizationRecipe recipe)
    {
        if (recipe.Networks.Count == 0)
        {
            throw Refused(recipe, "it names no network, so nothing would change", $"name one of {string.Join(", ", QuantizationRecipe.NetworkNames)}");
        }

        foreach ((string network, NetworkRecipe choice) in recipe.Networks.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Check(recipe, network, choice);
        }
    }

    private static void Check(QuantizationRecipe recipe, string network, NetworkRecipe choice)
    {
        string precision = RecipeWords.Of(RecipeWords.Precisions, choice.Precision), rest = RecipeWords.Of(RecipeWords.Precisions, choice.Rest);
        if (choice.Rest is not (NetworkPrecision.Fp32 or NetworkPrecision.Fp16 or NetworkPrecision.BFloat16))
        {
            throw Refused(recipe, $"'{network}' leaves the rest in {rest}, which is for chosen layers", "write rest: fp32, fp16 or bf16");
        }

        if (choice.Rest != NetworkPrecision.Fp32 && choice.Precision is (NetworkPrecision.Fp32 or NetworkPrecision.Fp16 or NetworkPrecision.BFloat16))
        {
            throw Refused(recipe, $"'{network}' is {precision} as a whole, so there is no rest in {rest}", "take 'rest' out");
        }

        if (recipe.Target == QuantizationTarget.OnnxCpu)
        {
            CheckProcessor(recipe, network, choice, precision, rest);
        }
        else if (choice.Precision == NetworkPrecision.Int8Dynamic)
        {
            throw Refused(recipe, $"'{network}' is int8-dynamic, and TensorRT reads neither DynamicQuantizeLinear nor MatMulInteger", "take int8 or fp8, or target: onnx-cpu");
        }
        else if (choice.WeightBits != 8)
        {
            throw Refused(recipe, $"'{network}' has weights of {choice.WeightBits} bits, which only processors without VNNI need", "take 'weight_bits' out");
        }
    }

    private static void CheckProcessor(QuantizationRecipe recipe, string network, NetworkRecipe choice, string precision, string rest)
    {
        if (choice.Precision is NetworkPrecision.Fp16 or NetworkPrecision.BFloat16 or NetworkPrecision.Fp8)
        {
            throw Refused(recipe, $"'{network}' is {precision}, which ONNX Runtime's CPU path computes in float32 and more slowly than float32 itself", "take int8, int8-dynamic or weight-only, or target: tensorrt");
        }

        if (choice.Rest != NetworkPrecision.Fp32)
        {
            throw Refused(recipe, $"'{network}' leaves the rest in {rest}, which ONNX Runtime's CPU path computes in float32 and more slowly than float32 itself", "take 'rest' out, or target: tensorrt");
        }
    }

    private static LatentSyncException Refused(QuantizationRecipe recipe, string reason, string fix) =>
        new(LatentSyncError.Usage, $"recipe {recipe.Name}: {reason}; {fix}");
}
