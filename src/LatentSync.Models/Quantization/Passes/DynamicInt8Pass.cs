using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Quantization.Layers;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;

namespace LatentSync.Models.Quantization.Passes;

/// <summary>
/// Runs chosen matrix products in integers with ranges that are taken while the network runs: DynamicQuantizeLinear, MatMulInteger with signed weights (one
/// scale for each output channel), a Mul with both scales, an Add of the bias. ONNX Runtime's CPU provider fuses these into one operator; TensorRT reads none of them.
/// </summary>
/// <param name="selection">The layers; no convolutions.</param>
/// <param name="largestWeightCode">The largest number of weights: 127, or 63 for 7 bits.</param>
/// <param name="cancellationToken">Stops between windows of weights.</param>
internal sealed class DynamicInt8Pass(LayerSelection selection, float largestWeightCode, CancellationToken cancellationToken) : IGraphPass
{
    private readonly Dictionary<string, (string Codes, string Scale, string ZeroPoint)> _quantized = new(StringComparer.Ordinal);
    private GraphAssembler _assembler = null!;

    /// <inheritdoc/>
    public string Name => "int8-dynamic";

    /// <inheritdoc/>
    /// <exception cref="LatentSyncException">A convolution was chosen, or a weight is not finite.</exception>
    public OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (selection.Chosen.FirstOrDefault(layer => layer.Kind == LayerKind.Convolution) is { } convolution)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"{selection.Source}: '{convolution.Name}' is a convolution, and int8-dynamic serves matrix products only; take it out of 'quantize', or take int8");
        }

        _quantized.Clear();
        _assembler = GraphAssembler.Rebuild(graph);
        return NodeReplacement.Apply(graph, _assembler, TryQuantize);
    }

    private bool TryQuantize(OnnxNode node)
    {
        if (selection.Find(node) is not { } layer)
        {
            return false;
        }

        Quantize(layer);
        return true;
    }

    private void Quantize(QuantizableLayer layer)
    {
        OnnxInitializer weight = layer.Weight;
        string name = layer.Node.Name;
        int rows = layer.Channels, columns = (int)weight.Shape[1];
        float[] scales = WeightScales.PerChannel(weight, largestWeightCode, selection.Source, cancellationToken);
        TransposedSource transposed = new(new QuantizedSource(weight.Source, scales, OnnxElementType.Int8), rows, columns);
        string codes = _assembler.Weight(weight.Name + "/codes", transposed, columns, rows);
        string weightScale = _assembler.Weight(weight.Name + "/scale", ConstantSource.Of(scales), rows);
        string zeros = _assembler.Shared($"int8/0x{rows}", ConstantSource.FromBytes(OnnxElementType.Int8, new byte[rows]), rows);

        (string input, string inputScale, string zeroPoint) = Activation(layer);
        string sums = _assembler.Node("MatMulInteger", name + "/product", [input, codes, zeroPoint, zeros]);
        string floats = _assembler.Node("Cast", name + "/float", [sums], new OnnxAttribute("to", (long)OnnxElementType.Float));
        string scale = _assembler.Mul(name + "/scales", inputScale, weightScale);

        // The last node keeps the layer's name and its value.
        if (layer.Bias is not { } bias)
        {
            _assembler.Copy(new OnnxNode("Mul", name, [floats, scale], [layer.Output], []));
            return;
        }

        string product = _assembler.Mul(name + "/scaled", floats, scale);
        _assembler.Copy(new OnnxNode("Add", name, [product, bias], [layer.Output], []));
    }

    private (string Codes, string Scale, string ZeroPoint) Activation(QuantizableLayer layer)
    {
        if (!_quantized.TryGetValue(layer.Input, out (string Codes, string Scale, string ZeroPoint) result))
        {
            string name = layer.Input + "/read_quantize";
            result = (name, name + "/scale", name + "/zero_point");
            _assembler.Copy(new OnnxNode("DynamicQuantizeLinear", name, [layer.Input], [result.Codes, result.Scale, result.ZeroPoint], []));
            _quantized.Add(layer.Input, result);
        }

        return result;
    }
}
