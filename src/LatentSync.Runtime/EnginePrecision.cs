namespace LatentSync.Runtime;

/// <summary>
/// The arithmetic an accelerated engine is built for. Networks are strongly typed: the precision is a property of the
/// ONNX graph an engine is built from, so each value names a kind of graph, not a switch of the builder.
/// </summary>
public enum EnginePrecision
{
    /// <summary>The graph as the pack holds it: every tensor and weight in 32-bit floating point.</summary>
    Fp32,

    /// <summary>Weights and most operators in IEEE half precision, with 32-bit islands where half precision would lose the result.</summary>
    Fp16,

    /// <summary>A graph that carries QuantizeLinear and DequantizeLinear nodes with 8-bit signed integers.</summary>
    Int8,

    /// <summary>A graph that carries QuantizeLinear and DequantizeLinear nodes with 8-bit floating point (E4M3).</summary>
    Fp8,
}
