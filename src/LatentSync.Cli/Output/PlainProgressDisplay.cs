namespace LatentSync.Cli.Output;

/// <summary>Progress as plain lines, for logs and pipes: one per five percent.</summary>
internal sealed class PlainProgressDisplay(TextWriter writer) : IProgressDisplay
{
    private readonly ProgressThrottle _throttle = new(0.05);

    public void Report(ProgressLine line)
    {
        if (!_throttle.Passes(line))
        {
            return;
        }

        lock (writer)
        {
            writer.WriteLine($"[{line.Fraction * 100,3:0}%] {line.Stage} {line.Details}".TrimEnd());
        }
    }

    public void Note(string message)
    {
        lock (writer)
        {
            writer.WriteLine(message);
        }
    }

    public void Dispose()
    {
    }
}
