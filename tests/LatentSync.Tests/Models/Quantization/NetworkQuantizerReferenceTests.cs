using LatentSync.Models.Precision.Emulation;
using LatentSync.Models.Quantization;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Tests.Models.Graphs;
using Xunit.Abstractions;

namespace LatentSync.Tests.Models.Quantization;

/// <summary>Every precision on the references' UNets, against the original's float32 outputs.</summary>
public sealed class NetworkQuantizerReferenceTests(ITestOutputHelper log)
{
    public static IEnumerable<object[]> Cases => GoldenUNet.Cases;

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Apply_16And8BitFloats_StayWithinTheProjectsBounds(string name)
    {
        using GoldenUNet unet = new(name);
        NetworkStatistics statistics = unet.Calibrate();

        // The project's bounds: bfloat16 rounds to 8 bits and E4M3 to 4, where half precision rounds to 11.
        Check(NetworkPrecision.Fp16, NetworkPrecision.Fp32, 0.99999);
        Check(NetworkPrecision.BFloat16, NetworkPrecision.Fp32, 0.9999);
        Check(NetworkPrecision.Fp8, NetworkPrecision.Fp16, 0.995);

        void Check(NetworkPrecision precision, NetworkPrecision rest, double least)
        {
            NetworkRecipe recipe = new() { Precision = precision, Rest = rest, Range = RangeMethod.Max };
            QuantizedNetwork network = NetworkQuantizer.Apply(unet.Graph, recipe, QuantizationTarget.TensorRt, statistics, name);
            using BuiltGraph emulated = new(RoundingEmulation.Apply(network.Graph));
            AssertClose(unet, emulated, least, $"{name}: {precision}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Apply_IntegersOnTheCpu_StayClose(string name)
    {
        using GoldenUNet unet = new(name);
        NetworkStatistics statistics = unet.Calibrate();

        // 8 bits over a range of some standard deviations leave about 1 % of noise in each of some hundred layers, most of it in branches that are added up.
        Check(new NetworkRecipe { Precision = NetworkPrecision.Int8, Range = RangeMethod.Max }, 0.99);
        Check(new NetworkRecipe { Precision = NetworkPrecision.Int8Dynamic }, 0.995);
        Check(new NetworkRecipe { Precision = NetworkPrecision.WeightOnly }, 0.999);

        void Check(NetworkRecipe recipe, double least)
        {
            using BuiltGraph built = new(NetworkQuantizer.Apply(unet.Graph, recipe, QuantizationTarget.OnnxCpu, statistics, name).Graph);
            AssertClose(unet, built, least, $"{name}: {recipe.Precision}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Apply_Float16WithInputsScaled8Times_StepsAsideByLayerAndDoesNotOverflow(string name)
    {
        const float Scale = 8;
        using GoldenUNet unet = new(name);
        NetworkStatistics statistics = unet.Calibrate(Scale);
        QuantizedNetwork network = NetworkQuantizer.Apply(unet.Graph, new NetworkRecipe { Precision = NetworkPrecision.Fp16 }, QuantizationTarget.TensorRt, statistics, name);
        using BuiltGraph plain = new(unet.Graph), emulated = new(RoundingEmulation.Apply(network.Graph));
        string key = unet.Keys.First();

        float[] expected = plain.Run(unet.Inputs(key, Scale))["out_sample"].Span.ToArray(), actual = emulated.Run(unet.Inputs(key, Scale))["out_sample"].Span.ToArray();

        Assert.All(actual, value => Assert.True(float.IsFinite(value)));
        double cosine = Cosine.Of(expected, actual);
        log.WriteLine(FormattableString.Invariant($"{name}: cosine {cosine:F7}, {network.Report.Float16!.Float32Nodes.Count(node => node.Reason.Contains("calibration", StringComparison.Ordinal))} nodes aside"));
        Assert.InRange(cosine, 0.99999, 1.00001);
    }

    private void AssertClose(GoldenUNet unet, BuiltGraph built, double least, string what)
    {
        double worst = unet.Keys.Min(key => Cosine.Of(unet.Expected(key).Span, built.Run(unet.Inputs(key))["out_sample"].Span));
        log.WriteLine(FormattableString.Invariant($"{what}: cosine {worst:F7}"));
        Assert.True(worst >= least, FormattableString.Invariant($"{what}: cosine {worst:F7}, at least {least}"));
    }
}
