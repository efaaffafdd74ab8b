using System.Diagnostics;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.TensorRt;
using LatentSync.Tests.Cli;
using LatentSync.Tests.Runtime.TensorRt;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.TensorRtDouble;

/// <summary>
/// A scenario on the doubles, in a process of its own: which flavour of the native library is loaded is decided once a process. It fails by an assertion,
/// whose text the test shows.
/// </summary>
internal static class DoubleScenario
{
    /// <summary>The first argument of such a process.</summary>
    public const string Verb = "scenario";

    private static readonly Func<DoubleMachine, Task>[] s_all =
    [
        JobScenarios.RunsAsOnnxRuntimeDoes, JobScenarios.RunsWholeAndShortChunks, JobScenarios.RunsInHalfPrecision, JobScenarios.RunsRefittedEngines,
        ChoiceScenarios.SaysWhyNotTensorRt, ChoiceScenarios.RefusesDamagedEngines, ChoiceScenarios.BuildCancelledBetweenNetworks,
        JobScenarios.TellsWhatTensorRtSays, JobScenarios.StreamsTheUNetsWeights, NetworkScenarios.RunsOneNetworkAsOnnxRuntimeDoes, NetworkScenarios.HonoursCancellation,
        ProgramScenarios.RunsRewrittenAndCached, ProgramScenarios.RunsRewrittenInHalfPrecision, ProgramScenarios.NeedsItsOwnEngines,
    ];

    /// <summary>Runs a scenario in another process and fails with what it says.</summary>
    public static async Task RunAsync(int major, Func<DoubleMachine, Task> scenario)
    {
        NativeBuild.Require();
        string build = Path.Combine(Goldens.RepositoryRoot, "build");
        string driver = Path.Combine(build, "doubles", "libcuda.so.1"), tensorRt = Path.Combine(build, "doubles", $"tensorrt{major}");
        string flavour = Path.Combine(AppContext.BaseDirectory, $"liblatentsync_rt_trt{major}.so");
        foreach (string file in (string[])[driver, Path.Combine(tensorRt, $"libnvinfer.so.{major}"), flavour])
        {
            Skip.IfNot(File.Exists(file), $"{file} is not built: that takes TensorRT's headers, configure CMake with -DTENSORRT_INCLUDE=DIR");
        }

        using TemporaryFolder folder = new();
        ProcessStartInfo start = new(
            CliProcess.Host, [Path.Combine(AppContext.BaseDirectory, "LatentSync.Tests.dll"), Verb, scenario.Method.Name, $"{major}", ImportedDemoPack.Path, folder.Path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[CudaDriver.LibraryVariable] = driver;
        start.Environment[TensorRtLibrary.DirectoryVariable] = tensorRt;
        start.Environment["XDG_CACHE_HOME"] = folder.Path;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{scenario.Method.Name} with TensorRT {major} ended with exit code {process.ExitCode}: {await output}{errors}");
    }

    /// <summary>The other process.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            DoubleMachine machine = new(int.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture), arguments[2], arguments[3]);
            machine.UseOnnxRuntime();
            await s_all.Single(scenario => scenario.Method.Name == arguments[0])(machine);
            machine.AssertClean();
            return 0;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync(exception.ToString());
            return 1;
        }
    }
}
