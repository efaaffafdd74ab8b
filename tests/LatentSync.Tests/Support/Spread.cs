namespace LatentSync.Tests.Support;

/// <summary>Positions to try where trying all would take time with the square of a case's size.</summary>
internal static class Spread
{
    /// <summary>All numbers below a bound if they are few enough, else that many of them, evenly spread, the first and the last included.</summary>
    public static IEnumerable<int> Below(int count, int most) =>
        count <= most ? Enumerable.Range(0, count) : Enumerable.Range(0, most).Select(i => (int)((long)i * (count - 1) / (most - 1)));
}
