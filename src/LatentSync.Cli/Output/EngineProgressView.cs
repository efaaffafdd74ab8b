using System.Diagnostics;
using LatentSync.Runtime.TensorRt;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Cli.Output;

/// <summary>Hands the making of one of several engines to a display.</summary>
/// <param name="display">The display.</param>
/// <param name="index">Which of them, 0-based.</param>
/// <param name="count">How many there are.</param>
internal sealed class EngineProgressView(IProgressDisplay display, int index, int count) : IProgress<EngineBuildProgress>
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public void Report(EngineBuildProgress value) => display.Report(
        new ProgressLine($"{value.Network}: {Words(value)}", index, count, "engines", (index + value.Fraction) / count, Stopwatch.GetElapsedTime(_start))
        {
            Key = value.Stage.ToString().ToLowerInvariant(),
        });

    /// <summary>Shows what a user should know; what else TensorRT says is for its own log.</summary>
    public void Note(EngineLogLine line)
    {
        if (line.Severity <= EngineLogSeverity.Warning)
        {
            display.Note($"{line.Severity.ToString().ToLowerInvariant()}: {line.Message}");
        }
    }

    private static string Words(EngineBuildProgress value) => value.Stage switch
    {
        EngineBuildStage.Waiting => "waiting for another process that builds this engine",
        EngineBuildStage.Hashing => "hashing",
        EngineBuildStage.Preparing => "preparing the graph",
        EngineBuildStage.Refitting => "refitting",
        EngineBuildStage.Writing => "writing",
        _ => value.Phase ?? "building",
    };
}
