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

        string left = line.Remaining is { } remaining ? $", {remaining:hh\\:mm\\:ss} left" : string.Empty;
        string units = line.Total > 0 ? $" {line.Done}/{line.Total} {line.Unit}, {line.Rate:0.00} {line.Unit}/s" : string.Empty;
        lock (writer)
        {
            writer.WriteLine($"[{line.Fraction * 100,3:0}%] {line.Stage}{units}{left}");
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
