using System.Diagnostics;

namespace LatentSync.Cli.Output;

/// <summary>
/// Lets a line pass when enough of the job has passed since the last one, at its end, and when the stage changes: at once the first time,
/// later at most once a second, for overlapping stages report in turns.
/// </summary>
internal sealed class ProgressThrottle(double smallestStep)
{
    private static readonly TimeSpan s_leastPause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _seen = [];
    private string _stage = string.Empty;
    private double _fraction = double.NegativeInfinity;
    private long _last;

    public bool Passes(ProgressLine line)
    {
        lock (_lock)
        {
            bool moved = line.Fraction >= _fraction + smallestStep || (line.Fraction >= 1 && _fraction < 1);
            bool changed = line.Stage != _stage && (!_seen.Contains(line.Stage) || Stopwatch.GetElapsedTime(_last) >= s_leastPause);
            if (!moved && !changed)
            {
                return false;
            }

            (_stage, _fraction, _last) = (line.Stage, line.Fraction, Stopwatch.GetTimestamp());
            _seen.Add(line.Stage);
            return true;
        }
    }
}
