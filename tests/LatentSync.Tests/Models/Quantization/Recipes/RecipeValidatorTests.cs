using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;

namespace LatentSync.Tests.Models.Quantization.Recipes;

public sealed class RecipeValidatorTests
{
    [Theory]
    [InlineData(QuantizationTarget.OnnxCpu, NetworkPrecision.Fp16, NetworkPrecision.Fp32, 8, "more slowly than float32")]
    [InlineData(QuantizationTarget.OnnxCpu, NetworkPrecision.BFloat16, NetworkPrecision.Fp32, 8, "more slowly than float32")]
    [InlineData(QuantizationTarget.OnnxCpu, NetworkPrecision.Fp8, NetworkPrecision.Fp32, 8, "more slowly than float32")]
    [InlineData(QuantizationTarget.OnnxCpu, NetworkPrecision.Int8, NetworkPrecision.Fp16, 8, "the rest in fp16")]
    [InlineData(QuantizationTarget.TensorRt, NetworkPrecision.Int8Dynamic, NetworkPrecision.Fp32, 8, "MatMulInteger")]
    [InlineData(QuantizationTarget.TensorRt, NetworkPrecision.Int8, NetworkPrecision.Fp16, 7, "7 bits")]
    [InlineData(QuantizationTarget.TensorRt, NetworkPrecision.Int8, NetworkPrecision.Fp8, 8, "rest in fp8")]
    [InlineData(QuantizationTarget.TensorRt, NetworkPrecision.Fp16, NetworkPrecision.BFloat16, 8, "no rest in bf16")]
    public void Check_Mixture_IsRefusedWithItsReason(QuantizationTarget target, NetworkPrecision precision, NetworkPrecision rest, int weightBits, string reason)
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => RecipeValidator.Check(Recipe(target, precision, rest, weightBits)));

        Assert.Equal(LatentSyncError.Usage, error.Error);
        Assert.Contains("'unet'", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(QuantizationTarget.OnnxCpu, NetworkPrecision.Int8, NetworkPrecision.Fp32, 7)]
    [InlineData(QuantizationTarget.OnnxCpu, NetworkPrecision.Int8Dynamic, NetworkPrecision.Fp32, 8)]
    [InlineData(QuantizationTarget.OnnxCpu, NetworkPrecision.WeightOnly, NetworkPrecision.Fp32, 8)]
    [InlineData(QuantizationTarget.TensorRt, NetworkPrecision.Int8, NetworkPrecision.Fp16, 8)]
    [InlineData(QuantizationTarget.TensorRt, NetworkPrecision.Fp8, NetworkPrecision.BFloat16, 8)]
    [InlineData(QuantizationTarget.TensorRt, NetworkPrecision.Fp16, NetworkPrecision.Fp32, 8)]
    public void Check_WhatTheRuntimeRuns_IsAccepted(QuantizationTarget target, NetworkPrecision precision, NetworkPrecision rest, int weightBits) =>
        RecipeValidator.Check(Recipe(target, precision, rest, weightBits));

    [Fact]
    public void Check_NoNetwork_IsRefused() => Assert.Contains(
        "no network",
        Assert.Throws<LatentSyncException>(() => RecipeValidator.Check(new QuantizationRecipe { Name = "empty", Target = QuantizationTarget.OnnxCpu, Networks = new Dictionary<string, NetworkRecipe>() })).Message,
        StringComparison.Ordinal);

    private static QuantizationRecipe Recipe(QuantizationTarget target, NetworkPrecision precision, NetworkPrecision rest, int weightBits) => new()
    {
        Name = "test",
        Target = target,
        Networks = new Dictionary<string, NetworkRecipe> { ["unet"] = new() { Precision = precision, Rest = rest, WeightBits = weightBits } },
    };
}
