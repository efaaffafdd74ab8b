namespace LatentSync.Profiling.Profiles;

/// <summary>One run of the job, without profiles of layers.</summary>
/// <param name="WallSeconds">From the job's beginning, networks loaded, to its end.</param>
/// <param name="CpuSeconds">Of this process meanwhile, over all processors; ffmpeg's own are not in it.</param>
/// <param name="PeakMemoryInBytes">The process's so far.</param>
/// <param name="SpanCoverage">Share of the wall time in which a span other than the job's own was open.</param>
/// <param name="StageSeconds">Busy seconds by stage, over its threads.</param>
public sealed record ProfiledRun(
    double WallSeconds, double CpuSeconds, long PeakMemoryInBytes, double SpanCoverage, IReadOnlyDictionary<string, double> StageSeconds);
