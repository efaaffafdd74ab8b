namespace LatentSync.Cli.Output;

/// <summary>What a person is told of a running job.</summary>
/// <param name="Stage">What is being done, in words.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; 0 while unknown.</param>
/// <param name="Unit">What is counted, such as <c>frames</c>.</param>
/// <param name="Fraction">Share of the job, 0..1.</param>
/// <param name="Elapsed">Time since the job began.</param>
internal readonly record struct ProgressLine(string Stage, long Done, long Total, string Unit, double Fraction, TimeSpan Elapsed)
{
    /// <summary>What is being done, for programs; null if that is <see cref="Stage"/>.</summary>
    public string? Key { get; init; }

    /// <summary>Units per second; 0 while nothing can be said.</summary>
    public double Rate { get; init; }

    /// <summary>Time left; null while nothing can be said.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>Count, rate and time left as far as they are known.</summary>
    public string Details
    {
        get
        {
            string count = Total > 0 ? $"{Done}/{Total} {Unit}" : string.Empty;
            string rate = Rate > 0 ? $", {Rate:0.00} {Unit}/s" : string.Empty;
            return Remaining is { } left ? $"{count}{rate}, {left:hh\\:mm\\:ss} left" : $"{count}{rate}";
        }
    }
}
