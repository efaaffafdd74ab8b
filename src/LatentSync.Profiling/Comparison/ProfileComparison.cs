using LatentSync.Profiling.Profiles;
using LatentSync.Runtime;

namespace LatentSync.Profiling.Comparison;

/// <summary>Two profiles of the same job.</summary>
/// <param name="Wall">The whole job.</param>
/// <param name="Stages">The stages.</param>
/// <param name="Layers">The layers that take long enough to be judged, slowest in the base first.</param>
/// <param name="LayerDrift">
/// Median ratio of the layers: how much faster or slower the machine itself was. The layers' ratios are without it, and without the pace of each run, which all its layers share.
/// </param>
public sealed record ProfileComparison(ComparedTime Wall, IReadOnlyList<ComparedTime> Stages, IReadOnlyList<ComparedTime> Layers, double LayerDrift)
{
    // Hundreds of layers are judged at once: each at a level at which chance alone flags one in a thousand comparisons of a hundred.
    private const double Confidence = 0.99999;

    // A difference must be beyond this, too: runs share a machine whose caches and clock differ from run to run in ways that few runs do not show.
    private const double Margin = 0.04;

    // Layers below this share of their profile are timed too coarsely, in whole microseconds.
    private const double LeastShare = 0.002;

    /// <summary>Compares two profiles.</summary>
    /// <param name="before">The base.</param>
    /// <param name="after">The other.</param>
    /// <exception cref="LatentSyncException">They are of different jobs, or one has no runs.</exception>
    public static ProfileComparison Of(JobProfile before, JobProfile after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Job != after.Job)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"the base is a profile of another job ({before.Job}) than this one ({after.Job}); profile the same job");
        }

        if (before.Runs.Count == 0 || after.Runs.Count == 0)
        {
            throw new LatentSyncException(LatentSyncError.Usage, "a profile without runs cannot be compared; profile again");
        }

        ComparedTime wall = Compare("whole job", Walls(before), Walls(after), 1);
        ComparedTime[] stages =
        [
            .. before.Runs[0].StageSeconds.Keys
                .Where(stage => before.Runs.Concat(after.Runs).All(run => run.StageSeconds.TryGetValue(stage, out double seconds) && seconds > 0))
                .Select(stage => Compare(stage, Stage(before, stage), Stage(after, stage), 1)),
        ];
        (LayerTimes Before, LayerTimes After)[] layers = Pair(before, after);
        if (layers.Length == 0)
        {
            return new ProfileComparison(wall, stages, [], 1);
        }

        double[][] earlier = WithoutPace([.. layers.Select(pair => pair.Before)]), later = WithoutPace([.. layers.Select(pair => pair.After)]);
        double drift = Bootstrap.Median([.. earlier.Zip(later, (b, a) => Bootstrap.Median([.. a]) / Bootstrap.Median([.. b]))]);
        ComparedTime[] compared = [.. layers.Select((pair, i) => Compare($"{pair.Before.Network}: {pair.Before.Name}", earlier[i], later[i], drift))];
        return new ProfileComparison(wall, stages, compared, drift);
    }

    // A run in which the machine was slower was so for every layer: the median of what its layers took, each by its own median over the runs.
    private static double[][] WithoutPace(LayerTimes[] layers)
    {
        int runs = layers.Min(layer => layer.Seconds.Count);
        double[] medians = [.. layers.Select(Median)];
        double[] paces = [.. Enumerable.Range(0, runs).Select(run => Bootstrap.Median([.. layers.Select((layer, i) => layer.Seconds[run] / medians[i])]))];
        return [.. layers.Select(layer => Enumerable.Range(0, runs).Select(run => layer.Seconds[run] / paces[run]).ToArray())];
    }

    private static double[] Walls(JobProfile profile) => [.. profile.Runs.Select(run => run.WallSeconds)];

    private static double[] Stage(JobProfile profile, string stage) => [.. profile.Runs.Select(run => run.StageSeconds[stage])];

    private static double Median(LayerTimes layer) => Bootstrap.Median([.. layer.Seconds]);

    private static (LayerTimes Before, LayerTimes After)[] Pair(JobProfile before, JobProfile after)
    {
        ILookup<(string, string), LayerTimes> others = after.Layers.ToLookup(layer => (layer.Network, layer.Name));
        double least = LeastShare * before.Layers.Where(IsTimed).Sum(Median);
        return
        [
            .. before.Layers.Where(layer => IsTimed(layer) && Median(layer) >= least)
                .Select(layer => (layer, others[(layer.Network, layer.Name)].FirstOrDefault()))
                .Where(pair => pair.Item2 is { } other && IsTimed(other))
                .Select(pair => (pair.layer, pair.Item2!)),
        ];
    }

    private static bool IsTimed(LayerTimes layer) => layer.Seconds.Count > 0 && layer.Seconds.All(seconds => seconds > 0);

    private static ComparedTime Compare(string name, IReadOnlyList<double> before, IReadOnlyList<double> after, double drift)
    {
        (double ratio, double low, double high) = Bootstrap.RatioOfMedians(after, before, Confidence);
        (ratio, low, high) = (ratio / drift, low / drift, high / drift);
        Verdict verdict = low > 1 + Margin ? Verdict.Slower : high < 1 / (1 + Margin) ? Verdict.Faster : Verdict.Same;
        return new ComparedTime(name, Bootstrap.Median([.. before]), Bootstrap.Median([.. after]), ratio, low, high, verdict);
    }
}
