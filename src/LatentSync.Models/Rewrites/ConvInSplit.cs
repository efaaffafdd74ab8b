using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;

namespace LatentSync.Models.Rewrites;

/// <summary>
/// Divides the input <c>sample</c> <c>[B,C+K,F,h,w]</c> into <c>noisy_latents</c> <c>[B,C,F,h,w]</c>, which change every step, and
/// <c>conditioning</c> <c>[B,K,F,h,w]</c> (mask, masked latents, reference latents), which do not. The first convolution is linear, so it becomes the sum
/// of two: the one over the conditioning can be computed once a chunk (<see cref="RateSplit"/>).
/// </summary>
public sealed class ConvInSplit : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "conv-in-split";

    /// <inheritdoc/>
    public OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        GraphIndex index = new(graph);
        OnnxValueInfo sample = index.Input(UNetValues.Sample);
        OnnxNode conv = index.Find("conv_in") is { OperatorType: "Conv", Inputs.Count: 3 } node ? node : throw index.Refused("it has no convolution 'conv_in' with a bias");
        OnnxInitializer weight = index.Constant(conv.Inputs[1]) is { ElementType: OnnxElementType.Float, Shape.Count: 4 } constant
            ? constant
            : throw index.Refused("the weight of 'conv_in' is no float32 constant");
        List<OnnxNode> chain = Chain(index, conv);
        long noisy = graph.Outputs[0].Shape[1].Value, all = sample.Shape[1].Value;

        GraphAssembler assembler = GraphAssembler.Rebuild(graph);
        Part latents = new(assembler, UNetValues.NoisyLatents, sample, 0, noisy);
        Part conditioning = new(assembler, UNetValues.Conditioning, sample, noisy, all - noisy);
        foreach (OnnxValueInfo input in graph.Inputs.Where(input => input.Name != UNetValues.Sample))
        {
            assembler.Input(input);
        }

        // What else reads the sample or the values on its way to the convolution asks for batch, frames, height or width, which both parts have.
        Dictionary<string, string> renamed = new(StringComparer.Ordinal) { [UNetValues.Sample] = UNetValues.NoisyLatents };
        foreach (OnnxNode original in graph.Nodes)
        {
            if (chain.Contains(original))
            {
                renamed[original.Outputs[0]] = latents.Copy(original, renamed);
                conditioning.Copy(original, renamed);
            }
            else if (original == conv)
            {
                string constant2 = conditioning.Convolve(conv, weight, conv.Inputs[2]);
                string changing = latents.Convolve(conv, weight, null);
                assembler.Copy(new OnnxNode("Add", conv.Name, [changing, constant2], conv.Outputs, []));
            }
            else
            {
                assembler.Copy(original with { Inputs = [.. original.Inputs.Select(input => renamed.GetValueOrDefault(input, input))] });
            }
        }

        foreach (OnnxValueInfo output in graph.Outputs)
        {
            assembler.Output(output);
        }

        return GraphPruning.Prune(assembler.Build(graph.Name) with { Opset = graph.Opset, Metadata = graph.Metadata });
    }

    /// <summary>The nodes from the sample to the convolution's input, in order; each must treat every channel alike.</summary>
    private static List<OnnxNode> Chain(GraphIndex index, OnnxNode conv)
    {
        List<OnnxNode> chain = [];
        for (string value = conv.Inputs[0]; value != UNetValues.Sample; value = chain[^1].Inputs[0])
        {
            OnnxNode? node = index.Producer(value);
            if (node?.OperatorType is not ("Transpose" or "Reshape" or "Mul" or "Sub" or "Cast"))
            {
                throw index.Refused($"'{value}' stands between the sample and 'conv_in'");
            }

            chain.Add(node);
        }

        chain.Reverse();
        return chain;
    }

    // One of the two inputs, its own copy of the way to the convolution, and its share of the weight.
    private sealed class Part
    {
        private readonly GraphAssembler _assembler;
        private readonly long _first;
        private readonly long _count;
        private string _value;

        public Part(GraphAssembler assembler, string name, OnnxValueInfo sample, long first, long count)
        {
            (_assembler, _value, _first, _count) = (assembler, name, first, count);
            assembler.Input(sample with { Name = name, Shape = [sample.Shape[0], count, .. sample.Shape.Skip(2)] });
            Input = name;
        }

        private string Input { get; }

        /// <summary>Copies one node of the way; the channels in a Reshape's shape become this part's.</summary>
        public string Copy(OnnxNode node, Dictionary<string, string> renamed)
        {
            string name = $"{node.Name}/{Input}";
            _value = node.OperatorType == "Reshape"
                ? _assembler.Reshape(name, _value, _assembler.Concat($"{name}/shape", 0, _assembler.Int64s(-1, _count), _assembler.Shape($"{name}/size", Input, 3)))
                : _assembler.Node(node.OperatorType, name, [_value, .. node.Inputs.Skip(1).Select(input => renamed.GetValueOrDefault(input, input))], [.. node.Attributes]);
            return _value;
        }

        public string Convolve(OnnxNode conv, OnnxInitializer weight, string? bias)
        {
            int kernel = (int)(weight.Shape[2] * weight.Shape[3]);
            ColumnsSource columns = new(weight.Source, (int)weight.Shape[1] * kernel, (int)_first * kernel, (int)_count * kernel);
            string name = $"{conv.Name}/{Input}";
            string part = _assembler.Weight(name + ".weight", columns, weight.Shape[0], _count, weight.Shape[2], weight.Shape[3]);
            return _assembler.Node("Conv", name, bias is null ? [_value, part] : [_value, part, bias], [.. conv.Attributes]);
        }
    }
}
