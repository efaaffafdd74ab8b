using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.TensorRt;
using LatentSync.Tests.Cli;

namespace LatentSync.Tests.TensorRtDouble;

/// <summary>When TensorRT is taken and when not, and what is said then.</summary>
internal static class ChoiceScenarios
{
    private const int Model = 4, Environment = 7, Cancelled = 130;

    private static readonly LipSyncEngineOptions s_float32 = new() { Precision = EnginePrecision.Fp32 };

    public static async Task SaysWhyNotTensorRt(DoubleMachine machine)
    {
        AssertOnnx(machine, s_float32, machine.Engines, "unet at fp32", "engines build --precision fp32");
        await machine.BuildAsync(machine.Pack, "--precision", "fp32");
        Assert.Null(machine.Choose(s_float32).Reason);
        // Whatever is there is better than none; engines of another size are not there.
        Assert.Contains("(fp32, ", machine.Choose(new LipSyncEngineOptions()).Name, StringComparison.Ordinal);
        Assert.Contains("256 px", machine.Choose(s_float32 with { Resolution = 256 }).Reason, StringComparison.Ordinal);
        string other = machine.OtherCheckpoint();
        Assert.Contains("no engine for this pack's unet", machine.Choose(s_float32, other).Reason, StringComparison.Ordinal);
        await RefusesAsync(machine, other, Model, machine.Engines, "no engine for this pack's unet", "engines build");

        using (new Variable(CudaDriver.LibraryVariable, "/absent/libcuda.so.1"))
        {
            AssertOnnx(machine, s_float32, "/absent/libcuda.so.1", "Install NVIDIA's driver");
            await RefusesAsync(machine, machine.Pack, Environment, "/absent/libcuda.so.1", "Install NVIDIA's driver");
            Assert.All((await machine.DoctorAsync()).Skip(1), line => Assert.Contains("no TensorRT with a GPU", line, StringComparison.Ordinal));
        }

        using (new Variable(TensorRtLibrary.DirectoryVariable, "/absent"))
        {
            AssertOnnx(machine, s_float32, "/absent/libnvinfer.so.11", TensorRtLibrary.DirectoryVariable);
            await RefusesAsync(machine, machine.Pack, Environment, "/absent/libnvinfer.so.10", TensorRtLibrary.DirectoryVariable);
        }

        Assert.Null(machine.Choose(s_float32).Reason);
    }

    public static async Task RefusesDamagedEngines(DoubleMachine machine)
    {
        string path = (await machine.BuildAsync(machine.Pack, "--precision", "fp32", "--network", "unet"))[0].Split(": ")[0];
        await machine.BuildAsync(machine.Pack, "--precision", "fp32");
        byte[] whole = await File.ReadAllBytesAsync(path);
        byte[] flipped = [.. whole];
        flipped[^1] ^= 1;
        await File.WriteAllBytesAsync(path, flipped);
        AssertOnnx(machine, s_float32, path, "SHA-256", "latentsync engines build");
        await RefusesAsync(machine, machine.Pack, Model, path, "SHA-256", "latentsync engines build");

        await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)]);
        AssertOnnx(machine, s_float32, path, "latentsync engines build");
        await RefusesAsync(machine, machine.Pack, Model, path, "cannot be used", "latentsync engines build");
        string[] findings = await machine.DoctorAsync();
        Assert.Contains("2 of 3", findings[0], StringComparison.Ordinal);
        Assert.Contains("cannot be used", Assert.Single(findings, line => line.StartsWith("absent ", StringComparison.Ordinal)), StringComparison.Ordinal);

        Assert.Contains("built in", (await machine.BuildAsync(machine.Pack, "--precision", "fp32"))[0], StringComparison.Ordinal);
        Assert.Null(machine.Choose(s_float32).Reason);
    }

    public static async Task BuildCancelledBetweenNetworks(DoubleMachine machine)
    {
        using CancellationTokenSource source = new();
        int networks = 0;
        OnnxExecutor.OnRead = _ =>
        {
            if (++networks == 2)
            {
                source.Cancel();
            }
        };
        CliResult result = await DoubleMachine.CliAsync(
            ["engines", "build", "--models", machine.Pack, "--engines", machine.Engines, "--precision", "fp32", "--resolution", "64"], source.Token);
        Assert.Equal(Cancelled, result.ExitCode);
        Assert.Contains("cancelled; the engines that were made before stay", result.Errors, StringComparison.Ordinal);
        Assert.Contains("unet fp32", Assert.Single(DoubleMachine.Lines(result)), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(machine.Engines, "*.lsengine"));
        Assert.Contains("reused in", (await machine.BuildAsync(machine.Pack, "--precision", "fp32"))[0], StringComparison.Ordinal);
    }

    private static void AssertOnnx(DoubleMachine machine, LipSyncEngineOptions options, params string[] said)
    {
        BackendChoice choice = machine.Choose(options);
        Assert.StartsWith("ONNX Runtime (cpu", choice.Name, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', choice.Reason!);
        Assert.All(said, text => Assert.Contains(text, choice.Reason, StringComparison.Ordinal));
    }

    // As a user meets it: sync --backend tensorrt.
    private static async Task RefusesAsync(DoubleMachine machine, string pack, int exitCode, params string[] said)
    {
        LipSyncOptions job = Pipeline.DeviceJob.Of(Path.Combine(Path.GetDirectoryName(machine.Engines)!, "refused.mp4"), 0.12);
        CliResult result = await DoubleMachine.CliAsync(
        [
            "sync", "--video", job.VideoPath, "--audio", job.AudioPath, "--out", job.OutputPath, "--models", pack, "--engines", machine.Engines,
            "--backend", "tensorrt", "--precision", "fp32", "--resolution", "64",
        ]);
        Assert.Equal(exitCode, result.ExitCode);
        string line = Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
        Assert.All(said, text => Assert.Contains(text, line, StringComparison.Ordinal));
        Assert.False(File.Exists(job.OutputPath));
    }

    /// <summary>An environment variable, for a while.</summary>
    private sealed class Variable : IDisposable
    {
        private readonly string _name;
        private readonly string? _before;

        public Variable(string name, string value)
        {
            (_name, _before) = (name, System.Environment.GetEnvironmentVariable(name));
            System.Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => System.Environment.SetEnvironmentVariable(_name, _before);
    }
}
