using LatentSync.GpuBundle;
using LatentSync.Kernels.Ilgpu.Device;

namespace LatentSync.Tests.Kernels;

public sealed class GpuCaseTests
{
    [Fact]
    public void Of_AnySize_HasACaseOfEachKernelAlone()
    {
        IEnumerable<string> kernels = DeviceKernels.All.Select(kernel => kernel.Name);
        foreach (CaseSizes sizes in (CaseSizes[])[CaseSizes.Small, CaseSizes.Full])
        {
            IEnumerable<string> alone = CaseSet.Of(sizes).Where(subject => subject.Launches.Count == 1).Select(subject => Assert.Single(subject.Launches).Kernel);
            Assert.Equal(kernels, alone.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Of_AnySize_NamesEachCaseOnce()
    {
        IReadOnlyList<GpuCase> cases = CaseSet.Of(CaseSizes.Small);
        Assert.Equal(cases.Count, cases.Select(subject => subject.Name).Distinct().Count());
    }

    [Fact]
    public void Text_NothingChanged_IsRefused()
    {
        GpuCase subject = new("nothing");
        subject.Expect(subject.Floats(10), 0);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => CaseFile.Text(subject, [.. subject.Buffers.Select(buffer => buffer.Initial)]));
        Assert.Contains("nothing", error.Message, StringComparison.Ordinal);
    }

    // Computed by native/gpu-check/formula.hpp.
    [Fact]
    public void Formula_KnownIndices_GivesWhatTheCheckComputes()
    {
        Assert.Equal(1753845952u, Formula.Mix(0, 1));
        Assert.Equal(2975150288u, Formula.Mix(12345, 7));
        Assert.InRange(Formula.Float(12345, 7, 1), -1, 1);
        Assert.Equal((int)(2975150288u >> 8) - 0x800000, Formula.Float(12345, 7, 1) * 0x800000);
    }
}
