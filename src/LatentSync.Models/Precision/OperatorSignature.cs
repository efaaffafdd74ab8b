using LatentSync.Models.Onnx;

namespace LatentSync.Models.Precision;

/// <summary>The element types that an operator relates.</summary>
/// <param name="Role">What it does with floating-point values.</param>
/// <param name="Inputs">A letter for each input, see <see cref="Accepts"/>; the last one also stands for all further inputs.</param>
/// <param name="Output">The letter of all outputs: <c>T</c>, <c>I</c>, <c>B</c>, <c>J</c> for 32-bit integers, <c>Q</c> for unsigned codes, their scale and their zero point, or <c>A</c>: an attribute or a zero point says it.</param>
internal sealed record OperatorSignature(OperatorRole Role, string Inputs, char Output)
{
    /// <summary>The letter of the operator's own type: every input and output marked with it has the same one.</summary>
    public const char Own = 'T';

    /// <summary>The letter of an input.</summary>
    public char Slot(int index) => Inputs[Math.Min(index, Inputs.Length - 1)];

    /// <summary>Whether an input has the operator's own type.</summary>
    public bool IsOwn(int index) => Slot(index) == Own;

    /// <summary>Whether an input may have a type: <c>F</c> float32, <c>I</c> int64, <c>N</c> an index of 32 or 64 bits, <c>B</c> bool, <c>T</c> and <c>?</c> any.</summary>
    public bool Accepts(int index, OnnxElementType type) => Slot(index) switch
    {
        'F' => type == OnnxElementType.Float,
        'I' => type == OnnxElementType.Int64,
        'N' => type is OnnxElementType.Int32 or OnnxElementType.Int64,
        'B' => type == OnnxElementType.Bool,
        _ => true,
    };
}
