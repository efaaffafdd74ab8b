namespace LatentSync.Kernels;

/// <summary>An axis-aligned rectangle of whole pixels.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Columns; 0 if the box is empty.</param>
/// <param name="Height">Rows; 0 if the box is empty.</param>
public readonly record struct PixelBox(int X, int Y, int Width, int Height)
{
    /// <summary>Whether the box holds no pixel.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>Pixels in the box.</summary>
    public int Area => IsEmpty ? 0 : Width * Height;
}
