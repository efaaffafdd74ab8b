using LatentSync.Models.Packs;

namespace LatentSync.Models.Quantization.Recipes;

/// <summary>The recipes that have names.</summary>
public static class RecipePresets
{
    // The networks that run once a step or once a frame; Whisper takes a second of a job.
    private static readonly string[] s_large = [PackComponentName.UNet, PackComponentName.VaeEncoder, PackComponentName.VaeDecoder];

    private static readonly NetworkRecipe s_fp8 = new()
    {
        Precision = NetworkPrecision.Fp8,
        Rest = NetworkPrecision.Fp16,
        Level = QuantizationLevel.Conv,
        Range = RangeMethod.Max,
    };

    private static readonly QuantizationRecipe[] s_all =
    [
        Make("fp16", QuantizationTarget.TensorRt, new NetworkRecipe { Precision = NetworkPrecision.Fp16 }, s_large),
        Make("bf16", QuantizationTarget.TensorRt, new NetworkRecipe { Precision = NetworkPrecision.BFloat16 }, s_large),
        Make("int8", QuantizationTarget.OnnxCpu, new NetworkRecipe { Precision = NetworkPrecision.Int8 }, PackComponentName.UNet),
        Make("int8-dynamic", QuantizationTarget.OnnxCpu, new NetworkRecipe { Precision = NetworkPrecision.Int8Dynamic }, PackComponentName.UNet),

        // NVIDIA's recipe for 8-bit floats scales by the largest magnitude: their relative precision does not suffer from a wide range. Convolutions only: with
        // 3 bits behind the point, matrices as well cost a reference more (cosine 0.992 where convolutions alone gave 0.997).
        Make("fp8", QuantizationTarget.TensorRt, s_fp8, PackComponentName.UNet),
        Make("weight-only", QuantizationTarget.OnnxCpu, new NetworkRecipe { Precision = NetworkPrecision.WeightOnly }, PackComponentName.UNet),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_all.Select(recipe => recipe.Name)];

    /// <summary>The preset of a name, or null.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static QuantizationRecipe? Find(string name) => Array.Find(s_all, recipe => recipe.Name == name);

    private static QuantizationRecipe Make(string name, QuantizationTarget target, NetworkRecipe recipe, params string[] networks) => new()
    {
        Name = name,
        Target = target,
        Networks = networks.ToDictionary(network => network, _ => recipe, StringComparer.Ordinal),
    };
}
