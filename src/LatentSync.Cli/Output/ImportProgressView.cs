using System.Diagnostics;
using LatentSync.Models.Packs;

namespace LatentSync.Cli.Output;

/// <summary>Hands an import's or a verification's progress to a display.</summary>
internal sealed class ImportProgressView(IProgressDisplay display) : IProgress<ImportProgress>
{
    private const long BytesPerMegabyte = 1_000_000;

    // A pace taken from less than this share says nothing.
    private const double LeastForEstimate = 0.005;

    private readonly long _start = Stopwatch.GetTimestamp();

    public void Report(ImportProgress value)
    {
        double fraction = value.BytesTotal > 0 ? Math.Min(1, (double)value.BytesDone / value.BytesTotal) : 0;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
        display.Report(new ProgressLine(value.Stage, value.BytesDone / BytesPerMegabyte, value.BytesTotal / BytesPerMegabyte, "MB", fraction, elapsed)
        {
            Rate = elapsed > TimeSpan.Zero ? value.BytesDone / (double)BytesPerMegabyte / elapsed.TotalSeconds : 0,
            Remaining = fraction > LeastForEstimate ? elapsed * ((1 - fraction) / fraction) : null,
        });
    }
}
