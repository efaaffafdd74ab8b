using LatentSync.Pipeline;
using LatentSync.Runtime.TensorRt;

namespace LatentSync.Tests.Pipeline;

public sealed class EngineLogTests
{
    [Fact]
    public void Receive_DuringAJob_TellsItOfWarningsOnceAndTheHostOfEverything()
    {
        List<EngineLogLine> host = [];
        List<string> job = [];
        EngineLog log = new(host.Add);
        using (log.Follow(job.Add))
        {
            foreach (EngineLogSeverity severity in Enum.GetValues<EngineLogSeverity>())
            {
                log.Receive(new EngineLogLine(severity, $"{severity}\nin two lines "));
                log.Receive(new EngineLogLine(severity, $"{severity}\nin two lines "));
            }
        }

        Assert.Equal(["TensorRT: InternalError in two lines", "TensorRT: Error in two lines", "TensorRT: Warning in two lines"], job);
        Assert.Equal(2 * Enum.GetValues<EngineLogSeverity>().Length, host.Count);
    }

    [Fact]
    public void Receive_BetweenJobs_WaitsForTheNext()
    {
        List<string> first = [], second = [];
        EngineLog log = new(host: null);
        log.Receive(new EngineLogLine(EngineLogSeverity.Warning, "at load"));
        using (log.Follow(first.Add))
        {
        }

        log.Receive(new EngineLogLine(EngineLogSeverity.Warning, "at load"));
        using (log.Follow(second.Add))
        {
            log.Receive(new EngineLogLine(EngineLogSeverity.Warning, "at work"));
        }

        Assert.Equal(["TensorRT: at load"], first);
        Assert.Equal(["TensorRT: at load", "TensorRT: at work"], second);
    }

    [Fact]
    public void Receive_NeverTheSameTwice_DoesNotFillTheReport()
    {
        List<string> job = [];
        EngineLog log = new(host: null);
        using IDisposable following = log.Follow(job.Add);
        for (int i = 0; i < 1000; i++)
        {
            log.Receive(new EngineLogLine(EngineLogSeverity.Warning, $"tactic {i} was skipped"));
        }

        Assert.Equal(EngineLog.MostPerJob + 1, job.Count);
        Assert.Contains("the host's log has all of it", job[^1], StringComparison.Ordinal);
    }
}
