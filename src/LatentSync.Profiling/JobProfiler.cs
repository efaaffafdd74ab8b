using System.Globalization;
using LatentSync.Pipeline;
using LatentSync.Profiling.Comparison;
using LatentSync.Profiling.Layers;
using LatentSync.Profiling.Profiles;
using LatentSync.Profiling.Spans;
using LatentSync.Runtime;
using LatentSync.Runtime.Diagnostics;

namespace LatentSync.Profiling;

/// <summary>
/// Runs a job several times and writes where its time went: <c>profile.json</c>, <c>layers.csv</c> and <c>trace.json</c>. Every second run has ONNX Runtime's
/// profiles on, which slow it: layers are taken from those, everything else from the plain runs. A first run of each kind is not counted.
/// </summary>
public static class JobProfiler
{
    private const string JobSpan = "sync";

    /// <summary>Profiles a job.</summary>
    /// <param name="packPath">The model pack.</param>
    /// <param name="engines">How its networks are loaded; on ONNX Runtime.</param>
    /// <param name="job">The job; its output goes to the report's folder for as long as it takes, and speech is never taken from the cache.</param>
    /// <param name="runs">Runs of each kind that count, at least 1.</param>
    /// <param name="folder">Where the report goes; made if it is missing.</param>
    /// <param name="note">Told of every run; null for none.</param>
    /// <param name="cancellationToken">Stops it; what the report's folder held before stays.</param>
    /// <exception cref="LatentSyncException">The job cannot run, or the report cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static async Task<JobProfile> RunAsync(
        string packPath, LipSyncEngineOptions engines, LipSyncOptions job, int runs, string folder, Action<string>? note = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engines);
        ArgumentNullException.ThrowIfNull(job);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        using ReportFolder report = ReportFolder.Create(folder);
        LipSyncOptions own = job with { OutputPath = report.Temporary("out.mp4"), Overwrite = true, UseFeatureCache = false };
        LayerCollector layers = new();
        List<ProfiledRun> plain = [];
        List<double> profiled = [];
        string backend = string.Empty;
        for (int i = 0; i <= runs; i++)
        {
            note?.Invoke(i == 0 ? "a first run of each kind, which does not count" : $"run {i} of {runs}");
            Measured result = await RunOnceAsync(packPath, engines, own, cancellationToken).ConfigureAwait(false);
            string profiles = report.Temporary($"profiles-{i}");
            Directory.CreateDirectory(profiles);
            Measured slow = await RunOnceAsync(packPath, engines with { ProfileFolder = profiles }, own, cancellationToken).ConfigureAwait(false);
            if (i == 0)
            {
                Directory.Delete(profiles, recursive: true);
                continue;
            }

            backend = result.Report.Backend;
            plain.Add(Describe(result));
            profiled.Add(slow.Report.Elapsed.TotalSeconds);
            await ReadLayersAsync(layers, profiles, slow.Spans, i == runs ? report.File("trace.json") : null, cancellationToken).ConfigureAwait(false);
            Directory.Delete(profiles, recursive: true);
        }

        double overhead = Bootstrap.Median([.. profiled]) / Bootstrap.Median([.. plain.Select(run => run.WallSeconds)]);
        JobProfile profile = new(JobProfile.CurrentFormat, Describe(job), backend, Environment.ProcessorCount, plain, layers.Networks(), layers.Layers(), overhead);
        LayerTable.Write(report.File("layers.csv"), profile);
        profile.Write(report.File("profile.json"));
        return profile;
    }

    private static async Task<Measured> RunOnceAsync(
        string packPath, LipSyncEngineOptions engines, LipSyncOptions job, CancellationToken cancellationToken)
    {
        using SpanRecorder recorder = new();
        using LipSyncPipeline pipeline = await LipSyncPipeline.LoadAsync(packPath, engines with { FirstJob = job }, cancellationToken).ConfigureAwait(false);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        LipSyncReport report = await pipeline.RunAsync(job, null, cancellationToken).ConfigureAwait(false);
        return new Measured(report, Environment.CpuUsage.TotalTime - before, recorder.Spans);
    }

    private static ProfiledRun Describe(Measured run)
    {
        LipSyncReport report = run.Report;
        Span job = run.Spans.First(span => span.Name == JobSpan);
        return new ProfiledRun(
            report.Elapsed.TotalSeconds,
            run.Cpu.TotalSeconds,
            report.PeakMemoryInBytes,
            SpanCoverage.Of(job, run.Spans.Where(span => span.Name != JobSpan)),
            report.StageTimes.ToDictionary(stage => stage.Key.ToString(), stage => stage.Value.TotalSeconds));
    }

    private static async Task ReadLayersAsync(LayerCollector layers, string folder, IReadOnlyList<Span> spans, string? tracePath, CancellationToken cancellationToken)
    {
        layers.BeginRun();
        List<(OnnxProfile Profile, DateTime Start)> all = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            OnnxProfile profile = await OnnxProfile.ReadAsync(path, cancellationToken).ConfigureAwait(false);
            layers.Add(profile);
            if (tracePath is not null && StartOf(path, spans) is { } start)
            {
                all.Add((profile, start));
            }
        }

        if (tracePath is not null)
        {
            ReportFile.Write(tracePath, stream =>
            {
                using ChromeTrace trace = new(stream, spans.Min(span => span.Start));
                trace.Add(spans);
                all.ForEach(entry => trace.Add(entry.Profile, entry.Start));
            });
        }
    }

    // The span that loaded the session knows the file's name and when its clock began.
    private static DateTime? StartOf(string path, IReadOnlyList<Span> spans) => spans
        .Where(span => span.Tags.GetValueOrDefault(Tracing.ProfilePrefixTag) is string prefix && path.StartsWith(prefix + "_", StringComparison.Ordinal))
        .Select(span => (DateTime?)(DateTime.UnixEpoch + TimeSpan.FromMicroseconds(Convert.ToUInt64(span.Tags[Tracing.ProfileStartTag], CultureInfo.InvariantCulture) / 1000.0)))
        .FirstOrDefault();

    private static string Describe(LipSyncOptions job) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Path.GetFileName(job.VideoPath)}, {Path.GetFileName(job.AudioPath)}, {job.Start.TotalSeconds:0.###} s +{job.Duration?.TotalSeconds:0.###}, {job.Scheduler} {job.Steps}, guidance {job.GuidanceScale}, cache {job.CacheInterval}/{job.CacheBranch}, detect every {job.DetectEvery}, side {job.Resolution}");

    private sealed record Measured(LipSyncReport Report, TimeSpan Cpu, IReadOnlyList<Span> Spans);
}
