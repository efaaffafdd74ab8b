namespace LatentSync.Models.Costs;

/// <summary>What is known of a value before the graph runs.</summary>
/// <param name="Shape">Its extents, outermost first.</param>
/// <param name="Integers">Its elements if they are a few integers that follow from shapes, else null.</param>
internal readonly record struct ShapedValue(long[] Shape, long[]? Integers = null)
{
    public static ShapedValue Of(params long[] integers) => new([integers.Length], integers);

    /// <summary>An axis counted from the front.</summary>
    public int Axis(long axis) => (int)(axis < 0 ? axis + Shape.Length : axis);

    public long Count => Product(Shape);

    public static long Product(ReadOnlySpan<long> extents)
    {
        long product = 1;
        foreach (long extent in extents)
        {
            product = checked(product * extent);
        }

        return product;
    }
}
