namespace LatentSync.Cli.Output;

/// <summary>Lets a line pass when the stage changes, when enough of the job has passed since the last one, and at the end.</summary>
internal sealed class ProgressThrottle(double smallestStep)
{
    private readonly Lock _lock = new();
    private string _stage = string.Empty;
    private double _fraction = double.NegativeInfinity;

    public bool Passes(ProgressLine line)
    {
        lock (_lock)
        {
            bool moved = line.Fraction >= _fraction + smallestStep || (line.Fraction >= 1 && _fraction < 1);
            if (!moved && line.Stage == _stage)
            {
                return false;
            }

            // Overlapping stages report in turns: a change of stage alone is news only the first time nothing else moved.
            if (!moved && _fraction > 0)
            {
                return false;
            }

            _stage = line.Stage;
            _fraction = line.Fraction;
            return true;
        }
    }
}
