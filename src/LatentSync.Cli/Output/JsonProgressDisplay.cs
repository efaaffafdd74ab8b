namespace LatentSync.Cli.Output;

/// <summary>Progress as JSON lines: <c>{"event":"progress","stage":...}</c>, one per percent and where the stage changes.</summary>
internal sealed class JsonProgressDisplay : IProgressDisplay
{
    private readonly ProgressThrottle _throttle = new(0.01);

    public void Report(ProgressLine line)
    {
        if (_throttle.Passes(line))
        {
            JsonLines.Write(new
            {
                @event = "progress",
                stage = line.Key ?? line.Stage,
                done = line.Done,
                total = line.Total,
                unit = line.Unit,
                fraction = Math.Round(line.Fraction, 4),
                perSecond = Math.Round(line.Rate, 3),
                elapsedSeconds = Math.Round(line.Elapsed.TotalSeconds, 3),
                remainingSeconds = line.Remaining is { } left ? Math.Round(left.TotalSeconds, 1) : (double?)null,
            });
        }
    }

    public void Note(string message) => JsonLines.Write(new { @event = "note", message });

    public void Dispose()
    {
    }
}
