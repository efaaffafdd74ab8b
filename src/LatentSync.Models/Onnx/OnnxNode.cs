namespace LatentSync.Models.Onnx;

/// <summary>One operator call.</summary>
/// <param name="OperatorType">The operator, of ONNX's default domain.</param>
/// <param name="Name">
/// The node's name, unique in its graph. It starts with the checkpoint's key of the module that it belongs to
/// (<c>down_blocks.0.resnets.0.conv1</c>), so that profiles and quantization lists can be read.
/// </param>
/// <param name="Inputs">Names of the values read; an empty name leaves an optional input out.</param>
/// <param name="Outputs">Names of the values made.</param>
/// <param name="Attributes">Constant arguments.</param>
public sealed record OnnxNode(
    string OperatorType,
    string Name,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<OnnxAttribute> Attributes)
{
    /// <summary>The value of an attribute; null if the node does not have it.</summary>
    /// <param name="name">The operator's name for it.</param>
    public object? Attribute(string name) => Attributes.FirstOrDefault(attribute => attribute.Name == name)?.Value;

    /// <summary>The value of an integer attribute.</summary>
    /// <param name="name">The operator's name for it.</param>
    /// <param name="missing">What the operator takes without it.</param>
    public long Integer(string name, long missing) => Attribute(name) is long value ? value : missing;
}
