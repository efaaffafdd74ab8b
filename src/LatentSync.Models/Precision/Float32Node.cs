namespace LatentSync.Models.Precision;

/// <summary>A node that computes in float32 within a half-precision network.</summary>
/// <param name="Name">The node.</param>
/// <param name="OperatorType">Its operator.</param>
/// <param name="Reason">Why: the operator's kind, the list entry that it fits, or the weight that half precision cannot hold.</param>
public sealed record Float32Node(string Name, string OperatorType, string Reason);
