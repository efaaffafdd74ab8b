using LatentSync.Pipeline;
using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Tests.Runtime.TensorRt.Engines;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

public sealed class EngineCheckTests
{
    [Fact]
    public void Run_WithoutTensorRt_ListsEnginesWithWhyTheyCannotRun()
    {
        using TemporaryFolder folder = new();
        EngineCache cache = new(folder.Path);
        EngineCase.Add(cache, EngineCase.Identity);
        File.WriteAllText(folder.File("zero.lsengine"), "no engine");
        MachineFinding[] engines = [.. MachineCheck.Run([], folder.Path).Where(finding => finding.Probe.Name.StartsWith("engine", StringComparison.Ordinal))];
        Assert.Equal(["engines", $"engine {EngineKey.Of(EngineCase.Identity).Text[..12]}", "engine zero.lsengine"], engines.Select(finding => finding.Probe.Name));
        Assert.All(engines, finding => Assert.False(finding.Probe.Found || finding.Required));
        Assert.Contains("0 of 2", engines[0].Probe.Detail, StringComparison.Ordinal);
        Assert.StartsWith("unet fp16: ", engines[1].Probe.Detail, StringComparison.Ordinal);
        Assert.Contains("engines prune", engines[2].Probe.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void MismatchWith_AnotherMachine_NamesEveryDifference()
    {
        EngineTarget target = EngineCase.Target;
        Assert.Null(target.MismatchWith(target with { }));
        Assert.Equal(
            "TensorRT 10.16.1 where this machine has 11.1.0, driver for CUDA 12.4 where this machine has 13.0",
            target.MismatchWith(target with { TensorRt = new Version(11, 1, 0), Driver = new Version(13, 0) }));
        Assert.Equal("driver 550.54.15 where this machine has 570.86.10", target.MismatchWith(target with { DriverRelease = "570.86.10" }));
        Assert.Contains("GPU of the tests where", target.MismatchWith(target with { Gpu = "another" }), StringComparison.Ordinal);
        Assert.Contains("capability 8.6 where", target.MismatchWith(target with { ComputeCapability = new Version(9, 0) }), StringComparison.Ordinal);
    }
}
