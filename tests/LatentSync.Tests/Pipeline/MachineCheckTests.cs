using LatentSync.Pipeline;
using LatentSync.Runtime.Diagnostics;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

public sealed class MachineCheckTests
{
    [Fact]
    public void Run_OnAnyMachine_TellsEveryThingOnceAndWhatIsRequired()
    {
        IReadOnlyList<MachineFinding> findings = MachineCheck.Run([ImportedDemoPack.Path, "absent"]);

        string[] names = [.. findings.Select(finding => finding.Probe.Name)];
        Assert.Equal(names.Distinct(), names);
        Assert.All(RuntimeProbes.All(), probe => Assert.Contains(probe.Name, names));
        Assert.Equal(["ffmpeg", "ffprobe", RuntimeProbes.OnnxRuntime().Name], findings.Where(finding => finding.Required).Select(finding => finding.Probe.Name));
        Assert.Equal([true, false], findings.TakeLast(2).Select(finding => finding.Probe.Found));
    }
}
