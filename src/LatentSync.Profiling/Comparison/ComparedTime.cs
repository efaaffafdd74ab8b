namespace LatentSync.Profiling.Comparison;

/// <summary>One time in two profiles.</summary>
/// <param name="Name">A stage, or a network's layer.</param>
/// <param name="BeforeSeconds">Median in the base.</param>
/// <param name="AfterSeconds">Median in the other.</param>
/// <param name="Ratio">After by before; of layers, with the drift that all share taken out.</param>
/// <param name="Low">Low end of the ratio's confidence interval.</param>
/// <param name="High">High end.</param>
/// <param name="Verdict">What that means.</param>
public sealed record ComparedTime(string Name, double BeforeSeconds, double AfterSeconds, double Ratio, double Low, double High, Verdict Verdict);
