using System.Globalization;
using LatentSync.Models.Packs;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.FullSize;

/// <summary>Runs a pack's networks on a case's inputs and measures how far the outputs are from the reference's.</summary>
internal sealed class FullSizeComparison(ModelPack pack)
{
    // Weights are mapped from disk: repacked, five gigabytes of them would be in memory twice.
    private static readonly OnnxRuntimeOptions Options = new() { IntraOpThreads = Environment.ProcessorCount, Prepack = false };

    /// <summary>The largest absolute error of each output, in standard deviations of the reference.</summary>
    public IReadOnlyList<(string Output, double Error)> Compare(FullSizeCase reference)
    {
        using GoldenFile golden = new(reference.File);
        return reference.Kind switch
        {
            NetworkKind.UNet => CompareUNet(golden),
            NetworkKind.Vae => CompareVae(golden),
            _ => CompareWhisper(golden),
        };
    }

    private List<(string Output, double Error)> CompareUNet(GoldenFile golden)
    {
        using OnnxRuntimeEngine unet = OnnxRuntimeEngine.Load(pack.UNetPath, Options);
        Tensor audio = golden.Read("encoder_hidden_states");
        List<(string Output, double Error)> errors = [];
        foreach (string key in golden.Tensors.Keys.Where(key => key.StartsWith("out", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            float timestep = float.Parse(key.AsSpan(key.IndexOf('.', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
            NamedTensor[] inputs =
            [
                new("sample", golden.Read("sample")),
                new("timestep", new Tensor(new[] { timestep }, 1)),
                new("encoder_hidden_states", key.StartsWith("out_zero_audio.", StringComparison.Ordinal) ? Tensor.Zeros(audio.Shape) : audio),
            ];
            errors.Add((key, Tolerances.WorstInStandardDeviations(golden.Read(key), Run(unet, "out_sample", inputs))));
        }

        return errors;
    }

    private List<(string Output, double Error)> CompareVae(GoldenFile golden)
    {
        List<(string Output, double Error)> errors = [];
        using (OnnxRuntimeEngine encoder = OnnxRuntimeEngine.Load(pack.VaeEncoderPath, Options))
        {
            Tensor mean = Run(encoder, "latent_mean", new NamedTensor("sample", golden.Read("pixels")));
            Tensor parameters = Run(encoder, "latent_parameters", new NamedTensor("sample", golden.Read("pixels")));
            Tensor moments = golden.Read("moments");
            Assert.Equal(moments.Shape.ToArray(), parameters.Shape.ToArray());
            Assert.Equal(1, moments.Shape[0]);
            int half = moments.Length / 2;
            errors.Add(("mean", Tolerances.WorstInStandardDeviations(new Tensor(moments.Data[..half], mean.Shape), mean)));
            // The reference holds the network's own numbers; the encoder bounds the log-variance as the original does on use.
            Tensor bounded = new(moments.Data[half..].ToArray().Select(v => Math.Clamp(v, -30f, 20f)).ToArray(), mean.Shape);
            errors.Add(("log-variance", Tolerances.WorstInStandardDeviations(bounded, new Tensor(parameters.Data[half..], mean.Shape))));
        }

        using OnnxRuntimeEngine decoder = OnnxRuntimeEngine.Load(pack.VaeDecoderPath, Options);
        Tensor decoded = Run(decoder, "sample", new NamedTensor("latent_sample", golden.Read("latents")));
        errors.Add(("decoded", Tolerances.WorstInStandardDeviations(golden.Read("decoded"), decoded)));
        return errors;
    }

    private List<(string Output, double Error)> CompareWhisper(GoldenFile golden)
    {
        using OnnxRuntimeEngine whisper = OnnxRuntimeEngine.Load(pack.WhisperPath, Options);
        Tensor mel = golden.Read("mel");
        Tensor features = Run(whisper, "hidden_states", new NamedTensor("mel", mel.Reshape([1, .. mel.Shape])));
        int row = (int)(features.Shape[2] * features.Shape[3]);
        const string Prefix = "features_rows_";
        List<(string Output, double Error)> errors = [];
        foreach (string key in golden.Tensors.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            int[] rows = [.. key[Prefix.Length..].Split('_').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            Tensor kept = new(features.Data[(rows[0] * row)..(rows[1] * row)], rows[1] - rows[0], features.Shape[2], features.Shape[3]);
            errors.Add((key, Tolerances.WorstInStandardDeviations(golden.Read(key), kept)));
        }

        return errors;
    }

    private static Tensor Run(OnnxRuntimeEngine engine, string output, params NamedTensor[] inputs) =>
        engine.Run(inputs)[engine.Outputs.ToList().FindIndex(contract => contract.Name == output)];
}
