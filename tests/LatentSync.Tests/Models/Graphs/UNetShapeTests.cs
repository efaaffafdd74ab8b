using LatentSync.Models.Checkpoints;
using LatentSync.Runtime;

namespace LatentSync.Tests.Models.Graphs;

/// <summary>Extents are dynamic: one graph for any batch, chunk length, picture size and audio window.</summary>
public sealed class UNetShapeTests
{
    [Fact]
    public void Run_OtherExtents_KeepsThemAndTreatsTheBatchIndependently()
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint("unet");
        using BuiltGraph built = new(DemoGraphs.Build("unet", checkpoint));

        // 20 x 12 halves to 10 x 6, 5 x 3, 3 x 2: the way up must meet the skips at sizes that are not doubles.
        (Tensor sample, Tensor audio) = Inputs(2, 3, 20, 12, 10);
        Tensor both = Run(built, sample, audio);
        Assert.Equal([2, 4, 3, 20, 12], both.Shape.ToArray());
        for (int i = 0; i < 2; i++)
        {
            Tensor one = Run(built, Part(sample, i, 1), Part(audio, i, 3));

            // Same sums in another order of threads and blocks: single-precision rounding over a few hundred layers.
            Support.Tolerances.AssertWithinStandardDeviations(Part(both, i, 1), one, 1e-4, $"batch item {i} alone");
        }

        (sample, audio) = Inputs(1, 1, 8, 8, 50);
        Assert.Equal([1, 4, 1, 8, 8], Run(built, sample, audio).Shape.ToArray());
    }

    private static (Tensor Sample, Tensor Audio) Inputs(int batch, int frames, int height, int width, int audioTokens)
    {
        Random random = new(5);
        Tensor sample = Tensor.Zeros(batch, 13, frames, height, width), audio = Tensor.Zeros(batch * frames, audioTokens, 96);
        foreach (Tensor tensor in new[] { sample, audio })
        {
            foreach (ref float value in tensor.Span)
            {
                value = (random.NextSingle() * 2) - 1;
            }
        }

        return (sample, audio);
    }

    /// <summary>Part i of a tensor cut along its first dimension into parts of this length.</summary>
    private static Tensor Part(Tensor tensor, int part, int length)
    {
        long[] shape = [length, .. tensor.Shape[1..]];
        int size = (int)(tensor.Length / tensor.Shape[0] * length);
        return new Tensor(tensor.Data.Slice(part * size, size), shape);
    }

    private static Tensor Run(BuiltGraph built, Tensor sample, Tensor audio) => built.Run(
        new NamedTensor("sample", sample),
        new NamedTensor("timestep", new Tensor(new[] { 481f }, 1)),
        new NamedTensor("encoder_hidden_states", audio))["out_sample"];
}
