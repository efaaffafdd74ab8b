using System.Runtime.InteropServices;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Quantization.Layers;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;

namespace LatentSync.Models.Quantization.Passes;

/// <summary>
/// Quantizes chosen layers by pairs of QuantizeLinear and DequantizeLinear: of what they read, of their weights, and where the form asks for it of what
/// convolutions make. Symmetric about 0. Activations have one scale, integer weights one for each output channel, 8-bit floats one for all.
/// Graph in, graph out: weights are read for their scales, and rounded when the graph is written.
/// </summary>
/// <param name="selection">The layers.</param>
/// <param name="ranges">Ranges of what they read and make; null if only weights are quantized.</param>
/// <param name="form">What the runtime wants.</param>
/// <param name="cancellationToken">Stops between windows of weights.</param>
internal sealed class QdqPass(LayerSelection selection, ActivationRanges? ranges, QdqForm form, CancellationToken cancellationToken) : IGraphPass
{
    private readonly Dictionary<string, (string Value, float Scale)> _quantized = new(StringComparer.Ordinal);
    private GraphAssembler _assembler = null!;
    private Dictionary<string, OnnxInitializer> _constants = null!;

    /// <inheritdoc/>
    public string Name => form.WeightsOnly ? "weight-only" : form.Type == OnnxElementType.Int8 ? "int8" : "fp8";

    /// <inheritdoc/>
    /// <exception cref="LatentSyncException">The calibration lacks a value, or a weight is not finite.</exception>
    public OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _quantized.Clear();
        _assembler = GraphAssembler.Rebuild(graph);
        _constants = graph.Initializers.ToDictionary(initializer => initializer.Name, StringComparer.Ordinal);
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
        (string input, float inputScale) = form.WeightsOnly ? (layer.Input, 1) : Activation(layer);
        float[] scales = form.Type == OnnxElementType.Int8
            ? WeightScales.PerChannel(layer.Weight, form.LargestWeightCode, selection.Source, cancellationToken)
            : WeightScales.PerTensor(layer.Weight, form.LargestWeightCode, selection.Source, cancellationToken);
        if (form.HasHalfScales)
        {
            scales = [.. scales.Select(WeightScales.RoundUpToHalf)];
        }

        List<string> inputs = [input, Weight(layer, scales)];
        if (layer.Bias is { } bias)
        {
            inputs.Add(form.QuantizesBiases ? Bias(layer, bias, inputScale, scales) : bias);
        }

        OnnxNode node = layer.Node with { Inputs = inputs };
        if (!form.QuantizesConvolutionResults || layer.Kind != LayerKind.Convolution)
        {
            _assembler.Copy(node);
            return;
        }

        // The value keeps its name and its readers; the exact one is new.
        string exact = layer.Output + "/exact", scale = Scale(layer.Output + "/scale", Rounded(ranges!.Scale(layer.Output, layer.Node.Name, form.LargestCode)));
        _assembler.Copy(node with { Outputs = [exact] });
        string codes = _assembler.Node("QuantizeLinear", layer.Output + "/quantize", [exact, scale, ActivationZeroPoint()]);
        _assembler.Copy(new OnnxNode("DequantizeLinear", layer.Output + "/dequantize", [codes, scale, ActivationZeroPoint()], [layer.Output], []));
    }

    // One pair for a value, whatever number of layers read it.
    private (string Value, float Scale) Activation(QuantizableLayer layer)
    {
        if (!_quantized.TryGetValue(layer.Input, out (string Value, float Scale) result))
        {
            float scale = Rounded(ranges!.Scale(layer.Input, layer.Node.Name, form.LargestCode));
            string name = Scale(layer.Input + "/read_scale", scale);
            string codes = _assembler.Node("QuantizeLinear", layer.Input + "/read_quantize", [layer.Input, name, ActivationZeroPoint()]);
            result = (_assembler.Node("DequantizeLinear", layer.Input + "/read_dequantize", [codes, name, ActivationZeroPoint()]), scale);
            _quantized.Add(layer.Input, result);
        }

        return result;
    }

    private string Weight(QuantizableLayer layer, float[] scales)
    {
        string name = layer.Weight.Name;
        string codes = _assembler.Weight(name + "/codes", new QuantizedSource(layer.Weight.Source, scales, form.Type), [.. layer.Weight.Shape]);
        return scales.Length == 1
            ? _assembler.Node("DequantizeLinear", name + "/dequantize", [codes, Scale(name + "/scale", scales[0]), ZeroPoint()])
            : _assembler.Node("DequantizeLinear", name + "/dequantize", [codes, _assembler.Weight(name + "/scale", ConstantSource.Of(scales), scales.Length), ZeroPoints(scales.Length)], new OnnxAttribute("axis", 0L));
    }

    // In units of the product of both scales, in which the sums of products come out.
    private string Bias(QuantizableLayer layer, string bias, float inputScale, float[] scales)
    {
        OnnxInitializer constant = _constants.GetValueOrDefault(bias) is { ElementType: OnnxElementType.Float } found && found.Source.ElementCount == layer.Channels
            ? found
            : throw new LatentSyncException(LatentSyncError.Model, $"{selection.Source}: the bias '{bias}' of '{layer.Node.Name}' is no constant of {layer.Channels} numbers, so the layer cannot be quantized; list it under 'keep'");
        float[] values = constant.Source.ReadAll(), units = [.. scales.Select(scale => scale * inputScale)];
        int[] codes = [.. values.Select((value, i) => (int)Math.Clamp(Math.Round((double)value / units[i % units.Length], MidpointRounding.ToEven), int.MinValue + 1, int.MaxValue))];
        string name = _assembler.Weight(bias + "/codes", ConstantSource.FromBytes(OnnxElementType.Int32, MemoryMarshal.AsBytes(codes.AsSpan()).ToArray()), codes.Length);
        string zeros = _assembler.Shared("int32/0x" + codes.Length, ConstantSource.FromBytes(OnnxElementType.Int32, new byte[sizeof(int) * codes.Length]), codes.Length);
        return _assembler.Node("DequantizeLinear", bias + "/dequantize", [name, _assembler.Weight(bias + "/scale", ConstantSource.Of(units), units.Length), zeros], new OnnxAttribute("axis", 0L));
    }

    private float Rounded(float scale) => form.HasHalfScales ? WeightScales.RoundUpToHalf(scale) : scale;

    private string Scale(string name, float scale) => _assembler.Weight(name, ConstantSource.Of([scale]));

    private string ActivationZeroPoint() => form.HasUnsignedActivations
        ? _assembler.Shared("uint8/128", ConstantSource.FromBytes(OnnxElementType.UInt8, [128]))
        : ZeroPoint();

    private string ZeroPoint() => _assembler.Shared(TypeName + "/0", ConstantSource.FromBytes(form.Type, [0]));

    private string ZeroPoints(int count) => _assembler.Shared($"{TypeName}/0x{count}", ConstantSource.FromBytes(form.Type, new byte[count]), count);

    private string TypeName => form.Type == OnnxElementType.Int8 ? "int8" : "float8";
}
