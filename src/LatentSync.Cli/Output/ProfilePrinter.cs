using LatentSync.Profiling.Comparison;
using LatentSync.Profiling.Profiles;

namespace LatentSync.Cli.Output;

/// <summary>Prints what <c>latentsync profile</c> found.</summary>
internal static class ProfilePrinter
{
    private const int LayersShown = 15;

    /// <summary>What a comparison found slower.</summary>
    public static IEnumerable<ComparedTime> Slower(ProfileComparison comparison) =>
        comparison.Stages.Prepend(comparison.Wall).Concat(comparison.Layers).Where(time => time.Verdict == Verdict.Slower);

    public static void Print(JobProfile profile, ProfileComparison? comparison, string folder, bool json)
    {
        if (json)
        {
            JsonLines.Write(new { @event = "profile", report = Path.GetFullPath(folder), profile.Runs, profile.Networks, profile.ProfilingOverhead, comparison });
            return;
        }

        TextWriter writer = Console.Out;
        ProfiledRun[] runs = [.. profile.Runs.OrderBy(run => run.WallSeconds)];
        ProfiledRun middle = runs[runs.Length / 2];
        writer.WriteLine($"{profile.Backend}: {middle.WallSeconds:0.00} s in the middle of {runs.Length} runs ({runs[0].WallSeconds:0.00}..{runs[^1].WallSeconds:0.00}), CPU time {middle.CpuSeconds:0.00} s, spans of stages cover {middle.SpanCoverage:P1}");
        foreach ((string stage, double seconds) in middle.StageSeconds)
        {
            writer.WriteLine($"  {stage,-12} {seconds,8:0.00} s busy");
        }

        writer.WriteLine($"with profiles of layers: {profile.ProfilingOverhead:0.000} times as long");
        foreach (NetworkTimes network in profile.Networks)
        {
            writer.WriteLine($"  {network.Network,-12} {Middle(network.RunSeconds),8:0.00} s in {network.Calls} runs, layers {Middle(network.LayerSeconds):0.00} s");
        }

        double all = profile.Layers.Sum(layer => Middle(layer.Seconds));
        foreach (LayerTimes layer in profile.Layers.Take(LayersShown))
        {
            writer.WriteLine($"  {Middle(layer.Seconds) / all,6:P1} {Middle(layer.Seconds),8:0.000} s  {layer.Network}: {layer.Name} ({layer.Operator}, {layer.Calls} calls)");
        }

        if (comparison is not null)
        {
            Print(writer, comparison);
        }

        writer.WriteLine($"profile.json, layers.csv and trace.json are in {folder}");
    }

    private static void Print(TextWriter writer, ProfileComparison comparison)
    {
        writer.WriteLine($"against the base: whole job {comparison.Wall.Ratio:0.000} ({comparison.Wall.Low:0.000}..{comparison.Wall.High:0.000}), layers {comparison.LayerDrift:0.000} in the middle, which is taken out of each");
        ComparedTime[] different = [.. comparison.Stages.Prepend(comparison.Wall).Concat(comparison.Layers).Where(time => time.Verdict != Verdict.Same)];
        foreach (ComparedTime time in different)
        {
            writer.WriteLine($"  {time.Verdict.ToString().ToLowerInvariant(),-6} {time.Ratio:0.000} ({time.Low:0.000}..{time.High:0.000})  {time.Name}: {time.BeforeSeconds:0.000} s, now {time.AfterSeconds:0.000} s");
        }

        if (different.Length == 0)
        {
            writer.WriteLine("  nothing slower or faster beyond chance");
        }
    }

    private static double Middle(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);
}
