namespace LatentSync.Models.Precision;

/// <summary>What an operator does with floating-point values, as far as their precision goes.</summary>
internal enum OperatorRole
{
    /// <summary>Arithmetic that half precision serves: convolutions, products of matrices, activations, sums.</summary>
    Compute,

    /// <summary>Arithmetic that is kept in float32: sums over many elements, normalisation, powers, quantization.</summary>
    Island,

    /// <summary>Moves elements and changes none: takes the precision of its neighbours.</summary>
    Movement,

    /// <summary>Is right at any precision of its inputs, and its outputs do not depend on it: shapes, conversions.</summary>
    Neutral,
}
