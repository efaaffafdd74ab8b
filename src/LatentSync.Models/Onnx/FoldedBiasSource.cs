using System.Runtime.InteropServices;

namespace LatentSync.Models.Onnx;

/// <summary>
/// The bias of a linear layer that has swallowed the shift before it: W(x + s) + b = Wx + (Ws + b). Products are summed in double precision.
/// </summary>
public sealed class FoldedBiasSource : TensorSource
{
    private readonly TensorSource _weight;
    private readonly TensorSource _shift;
    private readonly TensorSource? _bias;
    private float[]? _result;

    /// <summary>Computes Ws + b when it is first read.</summary>
    /// <param name="weight">W, float32 [out, in] in row-major order.</param>
    /// <param name="shift">s, float32 [in].</param>
    /// <param name="bias">b, float32 [out], or null for a layer without one.</param>
    public FoldedBiasSource(TensorSource weight, TensorSource shift, TensorSource? bias)
        : base(OnnxElementType.Float, weight.ElementCount / shift.ElementCount)
    {
        _weight = weight;
        _shift = shift;
        _bias = bias;
    }

    /// <inheritdoc/>
    public override void Read(long elementOffset, Span<byte> destination)
    {
        _result ??= Compute();
        _result.AsSpan(checked((int)elementOffset), destination.Length / sizeof(float)).CopyTo(MemoryMarshal.Cast<byte, float>(destination));
    }

    private float[] Compute()
    {
        float[] shift = _shift.ReadAll();
        float[] result = _bias?.ReadAll() ?? new float[ElementCount];
        float[] row = new float[shift.Length];
        for (int i = 0; i < result.Length; i++)
        {
            _weight.Read((long)i * row.Length, MemoryMarshal.AsBytes(row.AsSpan()));
            double sum = result[i];
            for (int k = 0; k < row.Length; k++)
            {
                sum += (double)row[k] * shift[k];
            }

            result[i] = (float)sum;
        }

        return result;
    }
}
