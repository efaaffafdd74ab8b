using LatentSync.Models.Onnx;
using LatentSync.Models.Precision;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Runtime;

namespace LatentSync.Models.Quantization;

/// <summary>Finds nodes that a runtime would refuse, before it is asked to load them.</summary>
public static class TargetOperators
{
    // "TensorRT supports the quantized data types only through explicit QuantizeLinear and DequantizeLinear": operators of integers are not in its parser's table
    // (onnx/onnx-tensorrt, docs/operators.md, releases 10.16 and 11.1).
    private static readonly HashSet<string> s_notInTensorRt =
        ["ConvInteger", "MatMulInteger", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul"];

    /// <summary>The nodes that the target would refuse, each with the reason; none for a network that it can read.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="target">The runtime.</param>
    public static IReadOnlyList<string> Refused(OnnxGraph graph, QuantizationTarget target)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (target != QuantizationTarget.TensorRt)
        {
            return [.. graph.Initializers.Where(initializer => initializer.ElementType == OnnxElementType.BFloat16).Select(initializer => $"'{initializer.Name}' is bfloat16, which the CPU's operators do not take")];
        }

        List<string> refused = [];
        if (graph.Opset > OperatorTable.NewestOpset)
        {
            refused.Add($"operators of set {graph.Opset}, read are sets up to {OperatorTable.NewestOpset}");
        }

        Dictionary<string, OnnxInitializer> constants = graph.Initializers.ToDictionary(initializer => initializer.Name, StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
        {
            if (s_notInTensorRt.Contains(node.OperatorType))
            {
                refused.Add($"'{node.Name}' is a {node.OperatorType}");
            }
            else if (node.OperatorType is "QuantizeLinear" or "DequantizeLinear" && Fault(node, constants) is { } fault)
            {
                refused.Add($"'{node.Name}' {fault}");
            }
        }

        return refused;
    }

    /// <summary>Fails if the target would refuse a node.</summary>
    internal static void Check(OnnxGraph graph, QuantizationTarget target, string source)
    {
        IReadOnlyList<string> refused = Refused(graph, target);
        if (refused.Count > 0)
        {
            string more = refused.Count > 1 ? $" and {refused.Count - 1} more" : string.Empty;
            throw new LatentSyncException(LatentSyncError.Model, $"{source}: {RecipeWords.Of(RecipeWords.Targets, target)} would refuse the network: {refused[0]}{more}; choose another precision for this target");
        }
    }

    // Symmetric only: zero points are 0; 32-bit codes (biases) are the CPU's; activations have one scale.
    private static string? Fault(OnnxNode node, Dictionary<string, OnnxInitializer> constants)
    {
        OnnxInitializer? zeroPoint = node.Inputs.Count > 2 ? constants.GetValueOrDefault(node.Inputs[2]) : null;
        if (zeroPoint is null)
        {
            return node.OperatorType == "QuantizeLinear" ? "has no constant zero point, which would make it unsigned" : null;
        }

        if (zeroPoint.ElementType is not (OnnxElementType.Int8 or OnnxElementType.Float8E4M3FN))
        {
            return $"has codes of type {zeroPoint.ElementType}";
        }

        byte[] codes = new byte[zeroPoint.SizeInBytes];
        zeroPoint.Source.Read(0, codes);
        return Array.Exists(codes, code => code != 0) ? "has a zero point other than 0"
            : node.OperatorType == "QuantizeLinear" && codes.Length > 1 ? "has a scale for each channel of an activation"
            : null;
    }
}
