using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Kernels.Manifest;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Kernels.Launching;

public sealed class PtxLibraryTests
{
    [Theory]
    [InlineData(7, 5, 75)]
    [InlineData(8, 0, 80)]
    [InlineData(8, 7, 86)]
    [InlineData(8, 9, 89)]
    [InlineData(9, 0, 90)]
    [InlineData(10, 0, 90)]
    [InlineData(12, 1, 90)]
    public void Open_Device_GetsTheNewestGenerationThatItRuns(int major, int minor, int expected)
    {
        PtxLibrary library = PtxLibrary.Open(major, minor);
        Assert.Equal(expected, library.Architecture);
        foreach (KernelSignature kernel in library.Manifest.Kernels)
        {
            string text = library.ReadText(kernel.Name);
            Assert.Contains($".target sm_{expected}\n", text, StringComparison.Ordinal);
            Assert.Contains(kernel.Entry, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Open_DeviceBeforeTuring_SaysWhatIsNeeded()
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => PtxLibrary.Open(7, 0));
        Assert.Equal(LatentSyncError.Environment, error.Error);
        Assert.Contains("capability 7.0, the kernels need 7.5 or newer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoFolder_NamesItAndTheFix()
    {
        using TemporaryFolder folder = new();
        string missing = Path.Combine(folder.Path, "none");
        string message = Assert.Throws<LatentSyncException>(() => PtxLibrary.Open(8, 0, missing)).Message;
        Assert.Contains(Path.Combine(missing, "manifest.json"), message, StringComparison.Ordinal);
        Assert.Contains("install the program again", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DamagedManifest_IsRefused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, KernelManifest.FileName), "{");
        Assert.Throws<LatentSyncException>(() => PtxLibrary.Open(8, 0, folder.Path));
    }

    [Fact]
    public void ReadText_FileMissingOrOfOtherParameters_IsRefused()
    {
        const string Name = nameof(LatentKernels.ScaleLatents);
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(PtxLibrary.DefaultFolder, KernelManifest.FileName), Path.Combine(folder.Path, KernelManifest.FileName));
        PtxLibrary library = PtxLibrary.Open(8, 0, folder.Path);
        Assert.Contains("ScaleLatents.ptx", Assert.Throws<LatentSyncException>(() => library.ReadText(Name)).Message, StringComparison.Ordinal);

        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder.Path, "sm_80")).FullName, Name + ".ptx");
        File.WriteAllText(path, PtxLibrary.Open(8, 0).ReadText(Name).Replace("_factor_", "_other_", StringComparison.Ordinal));
        Assert.Contains("_other_", Assert.Throws<LatentSyncException>(() => library.ReadText(Name)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => library.ReadText("None"));
    }
}
