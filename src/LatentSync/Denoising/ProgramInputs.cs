using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>What is to be written into the networks of a <see cref="UNetProgram"/>, marked by how often as the plain network's inputs are.</summary>
internal static class ProgramInputs
{
    /// <summary>The inputs that no network of the program gives.</summary>
    /// <param name="program">The networks.</param>
    /// <param name="packed">The plain network's inputs, as the pack marks them.</param>
    public static IReadOnlyList<TensorContract> Of(UNetProgram program, IReadOnlyList<TensorContract> packed)
    {
        HashSet<string> made = [.. program.Parts.SelectMany(part => part.Graph.Outputs).Select(output => output.Name)];
        return
        [
            .. program.Parts.SelectMany(part => part.Graph.Inputs).DistinctBy(input => input.Name).Where(input => !made.Contains(input.Name))
                .Select(input => Mark(input, packed)),
        ];
    }

    // The sample's marks are those of its two halves; what has no mark is refused where it would have to be written.
    private static TensorContract Mark(OnnxValueInfo input, IReadOnlyList<TensorContract> packed)
    {
        TensorContract contract = new(input.Name, "float", [.. input.Shape.Select(extent => extent.Value)]);
        TensorContract? sample = packed.FirstOrDefault(given => given.Name == UNetValues.Sample);
        return input.Name switch
        {
            UNetValues.NoisyLatents => contract with { Changes = sample?.Changes },
            UNetValues.Conditioning => contract with { Changes = sample?.ChunkChannels is null ? sample?.Changes : InputChange.Chunk },
            _ => packed.FirstOrDefault(given => given.Name == input.Name) ?? contract,
        };
    }
}
