namespace LatentSync.Models.Quantization.Recipes;

/// <summary>What a network's layers with weights compute in.</summary>
public enum NetworkPrecision
{
    /// <summary>As the pack holds it.</summary>
    Fp32,

    /// <summary>IEEE half precision, with float32 where that would lose the result.</summary>
    Fp16,

    /// <summary>The upper half of float32: its range with 8 bits of precision.</summary>
    BFloat16,

    /// <summary>8-bit integers by ranges measured beforehand.</summary>
    Int8,

    /// <summary>Matrix products in 8-bit integers by ranges taken while the network runs.</summary>
    Int8Dynamic,

    /// <summary>8-bit floats (E4M3) by ranges measured beforehand.</summary>
    Fp8,

    /// <summary>Weights kept as 8-bit integers and widened when they are used: smaller, not faster.</summary>
    WeightOnly,
}
