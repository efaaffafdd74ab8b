using System.Diagnostics;
using LatentSync.GpuBundle;
using LatentSync.Kernels.Launching;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Kernels;

/// <summary>The check of a real GPU (native/gpu-check), run on the double of the driver.</summary>
public sealed class GpuCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [SkippableFact]
    public async Task Run_SmallCases_FindsNothing()
    {
        CaseSet.Write(_folder.Path, CaseSizes.Small);
        (int code, string output) = await RunAsync();
        Assert.True(code == 0, output);
        Assert.Contains("All is well.", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Run_AnExpectedByteIsOff_NamesTheCaseAndFails()
    {
        CaseSet.Write(_folder.Path, CaseSizes.Small);
        string path = Path.Combine(_folder.Path, "ResizeRowsLanczos4.case");
        string[] lines = await File.ReadAllLinesAsync(path);
        int line = Array.FindIndex(lines, text => text.StartsWith("expect ", StringComparison.Ordinal));
        lines[line] = lines[line][..^1] + (lines[line][^1] == '0' ? '1' : '0');
        await File.WriteAllLinesAsync(path, lines);
        (int code, string output) = await RunAsync();
        Assert.Equal(1, code);
        Assert.Contains("1 FAILED", output, StringComparison.Ordinal);
        Assert.Contains(output.Split('\n'), row => row.StartsWith("| ResizeRowsLanczos4 ", StringComparison.Ordinal) && row.Contains("FAILED: buffer 1", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Run_AKernelWithoutACase_NamesItAndFails()
    {
        CaseSet.Write(_folder.Path, CaseSizes.Small);
        File.Delete(Path.Combine(_folder.Path, "TakeLatents.case"));
        (int code, string output) = await RunAsync();
        Assert.Equal(1, code);
        Assert.Contains(output.Split('\n'), row => row.StartsWith("| TakeLatents ", StringComparison.Ordinal) && row.Contains("in no case", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(int Code, string Output)> RunAsync()
    {
        string build = Path.Combine(Goldens.RepositoryRoot, "build");
        string program = Path.Combine(build, "gpu-check", "gpu-check"), driver = Path.Combine(build, "doubles", "libcuda.so.1");
        foreach (string file in (string[])[program, driver])
        {
            Skip.IfNot(File.Exists(file), $"{file} is not built: run './build.sh test' on Linux");
        }

        ProcessStartInfo start = new(program)
        {
            ArgumentList =
            {
                "--ptx", PtxLibrary.DefaultFolder, "--cases", _folder.Path, "--driver", driver, "--samples", "1", "--batch", "1", "--copy-size", "4096",
            },
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
