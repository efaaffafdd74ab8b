namespace LatentSync.Tests.Support;

/// <summary>Comparisons of pictures in bytes.</summary>
public static class ByteTolerances
{
    /// <summary>
    /// The project's tolerance for pictures: bytes equal or +-1 in 99.9 % of places, never more than 3. The reference truncates float32 results to
    /// bytes, so a value that is a whole number up to rounding falls either way.
    /// </summary>
    public static void AssertClose(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        int beyondOne = 0, worst = 0, differing = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            int error = Math.Abs(expected[i] - actual[i]);
            worst = Math.Max(worst, error);
            beyondOne += error > 1 ? 1 : 0;
            differing += error > 0 ? 1 : 0;
        }

        string report = $"{what}: {differing} of {expected.Length} bytes differ, {beyondOne} by more than 1, the worst by {worst}";
        Assert.True(worst <= 3 && beyondOne <= 0.001 * expected.Length, report);
    }
}
