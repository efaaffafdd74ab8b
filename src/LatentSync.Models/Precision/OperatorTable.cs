using System.Collections.Frozen;

namespace LatentSync.Models.Precision;

/// <summary>
/// The operators whose types are known: those that the graph builders write and their near relations, all of ONNX's default domain up to
/// opset 21 and, but for two operators of integers, all known to TensorRT's parser. Types after the operators' documentation (onnx/docs/Operators.md).
/// </summary>
internal static class OperatorTable
{
    /// <summary>The newest operator set that TensorRT's parser is asked to read.</summary>
    public const int NewestOpset = 21;

    private static readonly FrozenDictionary<string, OperatorSignature> s_signatures = Build().ToFrozenDictionary(StringComparer.Ordinal);

    public static OperatorSignature? Find(string operatorType) => s_signatures.GetValueOrDefault(operatorType);

    private static Dictionary<string, OperatorSignature> Build()
    {
        Dictionary<string, OperatorSignature> table = new(StringComparer.Ordinal)
        {
            ["Shape"] = new(OperatorRole.Neutral, "?", 'I'),
            ["Size"] = new(OperatorRole.Neutral, "?", 'I'),
            ["Cast"] = new(OperatorRole.Neutral, "?", 'A'),
            ["Reshape"] = new(OperatorRole.Movement, "TI", 'T'),
            ["Squeeze"] = new(OperatorRole.Movement, "TI", 'T'),
            ["Unsqueeze"] = new(OperatorRole.Movement, "TI", 'T'),
            ["Expand"] = new(OperatorRole.Movement, "TI", 'T'),
            ["Tile"] = new(OperatorRole.Movement, "TI", 'T'),
            ["Split"] = new(OperatorRole.Movement, "TI", 'T'),
            ["Slice"] = new(OperatorRole.Movement, "TN", 'T'),
            ["Gather"] = new(OperatorRole.Movement, "TN", 'T'),
            ["Pad"] = new(OperatorRole.Movement, "TITN", 'T'),
            ["Where"] = new(OperatorRole.Movement, "BTT", 'T'),

            // Nearest neighbour moves elements, other modes weigh them; either way the region and the scales are float32, the sizes integers.
            ["Resize"] = new(OperatorRole.Movement, "TFFI", 'T'),
            ["QuantizeLinear"] = new(OperatorRole.Island, "TT?", 'A'),
            ["DequantizeLinear"] = new(OperatorRole.Island, "?T?", 'T'),

            // ONNX Runtime's CPU path only; TensorRT reads neither.
            ["DynamicQuantizeLinear"] = new(OperatorRole.Island, "F", 'Q'),
            ["MatMulInteger"] = new(OperatorRole.Neutral, "????", 'J'),
        };
        Add(OperatorRole.Movement, "T", "Transpose", "Concat", "Identity", "Flatten", "DepthToSpace");
        Add(OperatorRole.Compute, "T", "Conv", "ConvTranspose", "Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Neg", "Abs", "Min", "Max", "Clip");
        Add(OperatorRole.Compute, "T", "Sigmoid", "Tanh", "Erf", "Relu", "LeakyRelu", "PRelu", "HardSigmoid", "Gelu", "MaxPool", "AveragePool");
        Add(OperatorRole.Island, "T", "InstanceNormalization", "LayerNormalization", "GroupNormalization", "BatchNormalization", "Softmax", "LogSoftmax");
        Add(OperatorRole.Island, "T", "GlobalAveragePool", "Sin", "Cos", "Exp", "Log", "Sqrt", "Reciprocal", "Pow");
        Add(OperatorRole.Island, "TI", "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare");
        return table;

        void Add(OperatorRole role, string inputs, params ReadOnlySpan<string> operators)
        {
            foreach (string name in operators)
            {
                table.Add(name, new OperatorSignature(role, inputs, OperatorSignature.Own));
            }
        }
    }
}
