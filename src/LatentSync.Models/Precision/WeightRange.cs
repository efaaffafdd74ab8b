namespace LatentSync.Models.Precision;

/// <summary>How a float32 constant fits into half precision.</summary>
/// <param name="Name">The constant.</param>
/// <param name="ElementCount">Its elements.</param>
/// <param name="Largest">Largest magnitude; NaN if an element is NaN.</param>
/// <param name="OverflowCount">Elements beyond 65,504, half precision's largest number, or not finite.</param>
/// <param name="SubnormalCount">Elements below 2^-14, whose last bits are lost, but not all.</param>
/// <param name="FlushedCount">Elements other than 0 that round to 0: 2^-25 and less.</param>
public sealed record WeightRange(string Name, long ElementCount, float Largest, long OverflowCount, long SubnormalCount, long FlushedCount)
{
    /// <summary>Whether half precision holds every element, if with fewer bits.</summary>
    public bool Fits => OverflowCount == 0;

    /// <summary>Whether an element loses more than rounding to 11 bits loses.</summary>
    public bool IsNotable => OverflowCount + SubnormalCount + FlushedCount > 0;
}
