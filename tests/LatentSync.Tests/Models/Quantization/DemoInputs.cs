using LatentSync.Models.Graphs;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Graphs;

namespace LatentSync.Tests.Models.Quantization;

/// <summary>Inputs for the demo pack's UNet: two chunks of four frames, the same latents, silence for the first and noise as the second's speech.</summary>
internal static class DemoInputs
{
    private const int Frames = 4, Side = 8, AudioTokens = 6;

    public static NamedTensor[] UNet(float timestep = 501, int seed = 1)
    {
        UNetConfig config = DemoGraphs.UNetConfig;
        Random random = new(seed);
        Tensor sample = Tensor.Zeros(2, config.InChannels, Frames, Side, Side), audio = Tensor.Zeros(2 * Frames, AudioTokens, config.CrossAttentionDim);
        Fill(random, sample.Span[..(sample.Length / 2)]);
        sample.Span[..(sample.Length / 2)].CopyTo(sample.Span[(sample.Length / 2)..]);
        Fill(random, audio.Span[(audio.Length / 2)..]);
        return [new("sample", sample), new("timestep", new Tensor(new[] { timestep }, 1)), new("encoder_hidden_states", audio)];
    }

    private static void Fill(Random random, Span<float> values)
    {
        foreach (ref float value in values)
        {
            // The sum of uniform numbers, with about the variance of a normal one.
            value = (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f) * 2;
        }
    }
}
