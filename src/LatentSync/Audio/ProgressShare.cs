namespace LatentSync.Audio;

/// <summary>Passes a step's 0 to 1 on as its share of the whole.</summary>
internal sealed class ProgressShare(IProgress<double> whole, double start, double share) : IProgress<double>
{
    /// <summary>A step's progress, or null if nobody listens.</summary>
    public static IProgress<double>? Of(IProgress<double>? whole, double start, double share) => whole is null ? null : new ProgressShare(whole, start, share);

    /// <inheritdoc/>
    public void Report(double value) => whole.Report(start + (share * value));
}
