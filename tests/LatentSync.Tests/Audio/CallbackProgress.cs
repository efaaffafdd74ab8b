namespace LatentSync.Tests.Audio;

/// <summary>Reports at once, on the thread that reports; <see cref="Progress{T}"/> would post them.</summary>
internal sealed class CallbackProgress(Action<double> callback) : IProgress<double>
{
    public void Report(double value) => callback(value);
}
