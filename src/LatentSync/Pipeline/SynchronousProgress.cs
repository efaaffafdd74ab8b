namespace LatentSync.Pipeline;

/// <summary>Reports at once on the reporting thread; <see cref="Progress{T}"/> would post to another and lose the order.</summary>
internal sealed class SynchronousProgress(Action<double> report) : IProgress<double>
{
    public void Report(double value) => report(value);
}
