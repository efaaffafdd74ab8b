namespace LatentSync.Cli.Output;

/// <summary>What a person is told of a running job.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; 0 while unknown.</param>
/// <param name="Unit">What is counted, such as <c>frames</c>.</param>
/// <param name="Fraction">Share of the job, 0..1.</param>
/// <param name="Elapsed">Time since the job began.</param>
internal readonly record struct ProgressLine(string Stage, long Done, long Total, string Unit, double Fraction, TimeSpan Elapsed)
{
    /// <summary>Units per second since the job began.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Done / Elapsed.TotalSeconds : 0;

    /// <summary>Time left at the pace so far; null while nothing can be said.</summary>
    public TimeSpan? Remaining => Fraction is > 0.005 and <= 1 ? Elapsed * ((1 - Fraction) / Fraction) : null;
}
