using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>One cross-attention of the UNet, by the nodes at its edges.</summary>
/// <param name="Tokens">The rows it reads and is added to.</param>
/// <param name="Norm">The layer norm before it, which alone reads the tokens beside the addition.</param>
/// <param name="Last">Its last layer, with the bias.</param>
/// <param name="Residual">The addition.</param>
internal sealed record CrossAttention(string Tokens, OnnxNode Norm, OnnxNode Last, OnnxNode Residual)
{
    private const string Suffix = ".attn2/residual";

    /// <summary>What the last layer adds when attention itself gives zeros, <c>[C]</c>.</summary>
    public string Bias => Last.Inputs[2];

    /// <summary>Finds all, and checks that zeros in give zeros up to the last layer's bias.</summary>
    public static IReadOnlyList<CrossAttention> FindAll(OnnxGraph graph, GraphIndex index) =>
        [.. graph.Nodes.Where(node => node.OperatorType == "Add" && node.Name.EndsWith(Suffix, StringComparison.Ordinal)).Select(node => Find(index, node))];

    private static CrossAttention Find(GraphIndex index, OnnxNode residual)
    {
        string module = residual.Name[..^"/residual".Length], block = module[..^".attn2".Length];
        OnnxNode last = index.Find(module + ".to_out.0") is { OperatorType: "Gemm", Inputs.Count: 3 } node ? node : throw index.Refused($"'{module}.to_out.0' is no layer with a bias");
        foreach (string layer in new[] { ".to_k", ".to_v" })
        {
            if (index.Find(module + layer) is not { OperatorType: "Gemm", Inputs.Count: 2 })
            {
                throw index.Refused($"'{module}{layer}' is no layer without a bias");
            }
        }

        string tokens = residual.Inputs.FirstOrDefault(input => input != last.Outputs[0]) ?? throw index.Refused($"'{residual.Name}' does not add two values");
        OnnxNode norm = index.Find(block + ".norm2") is { } found && found.Inputs[0] == tokens ? found : throw index.Refused($"'{block}.norm2' does not read what '{residual.Name}' adds to");
        return new CrossAttention(tokens, norm, last, residual);
    }
}
