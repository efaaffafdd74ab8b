using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Costs;

/// <summary>A node with what is known of its inputs.</summary>
internal sealed class ShapedNode(OnnxNode node, ShapedValue?[] inputs)
{
    public string OperatorType => node.OperatorType;

    public int OutputCount => node.Outputs.Count;

    public int InputCount => inputs.Length;

    public ShapedValue Input(int index) => OptionalInput(index) ?? throw Refused($"its input {index} is missing");

    public ShapedValue? OptionalInput(int index) => index < inputs.Length ? inputs[index] : null;

    /// <summary>The elements of an input that says how to shape another.</summary>
    public long[] Integers(int index) => Input(index).Integers ?? throw Refused($"its input {index} does not follow from shapes");

    public long Integer(string attribute, long missing) => node.Integer(attribute, missing);

    public long[]? Integers(string attribute) => node.Attribute(attribute) as long[];

    public LatentSyncException Refused(string reason) =>
        new(LatentSyncError.Model, $"node '{node.Name}' ({node.OperatorType}): its shape cannot be worked out ({reason}); check the graph and the shapes of its inputs");
}
