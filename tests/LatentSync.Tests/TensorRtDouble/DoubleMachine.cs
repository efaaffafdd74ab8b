using System.Runtime.InteropServices;
using System.Text;
using LatentSync.Cli;
using LatentSync.Models.Packs;
using LatentSync.Pipeline;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.TensorRt;
using LatentSync.Tests.Cli;
using LatentSync.Tests.Pipeline;

namespace LatentSync.Tests.TensorRtDouble;

/// <summary>A process on the doubles of driver and TensorRT, with ONNX Runtime for the networks. The environment already names both.</summary>
/// <param name="major">TensorRT's.</param>
/// <param name="pack">The demo pack, imported.</param>
/// <param name="folder">A folder of the scenario's own.</param>
internal sealed class DoubleMachine(int major, string pack, string folder)
{
    /// <summary>Half the pack's: the PTX is interpreted.</summary>
    private const int Resolution = 64;

    // The counts of tests/native/doubles/cuda_double.h.
    private const int Allocations = 0, Streams = 4, Graphs = 7, Misuses = 11;

    private readonly nint _tensorRt = NativeLibrary.Load(Path.Combine(TensorRtFolder, $"libnvinfer.so.{major}"));
    private readonly nint _driver = NativeLibrary.Load(Environment.GetEnvironmentVariable(CudaDriver.LibraryVariable)!);

    public static string TensorRtFolder => Environment.GetEnvironmentVariable(TensorRtLibrary.DirectoryVariable)!;

    public int Major => major;

    public string Pack => pack;

    public string Engines { get; } = Path.Combine(folder, "engines");

    /// <summary>Networks that were run to their end, in a stream or in a graph.</summary>
    public long Runs => Count("lsrt_double_nvinfer_runs");

    /// <summary>What TensorRT says from now on whenever an engine is loaded, enqueued or destroyed; null for nothing.</summary>
    public unsafe void Say(EngineLogSeverity severity, string? message)
    {
        fixed (byte* text = message is null ? null : Encoding.UTF8.GetBytes(message + '\0'))
        {
            ((delegate* unmanaged<int, byte*, void>)NativeLibrary.GetExport(_tensorRt, "lsrt_double_nvinfer_say"))((int)severity, text);
        }
    }

    public void UseOnnxRuntime() => OnnxExecutor.Register(_tensorRt);

    /// <summary>Fails unless everything was given back and nothing was done that no correct program does.</summary>
    public void AssertClean()
    {
        Assert.Equal(0, Count("lsrt_double_nvinfer_failed_runs"));
        Assert.Equal(0, Count("lsrt_double_nvinfer_live"));
        Assert.All(new[] { Allocations, Streams, Graphs, Misuses }, what => Assert.Equal((what, 0L), (what, DoubleLibrary.Count(_driver, "lsrt_double_count", what))));
    }

    /// <summary>The command line, in this process.</summary>
    public static async Task<CliResult> CliAsync(string[] arguments, CancellationToken cancellationToken = default)
    {
        (TextWriter output, TextWriter errors) = (Console.Out, Console.Error);
        using StringWriter said = new(), complained = new();
        Console.SetOut(said);
        Console.SetError(complained);
        try
        {
            int code = await CliApplication.RunAsync(arguments, cancellationToken);
            return new CliResult(code, said.ToString(), complained.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }

    /// <summary><c>engines build</c> at the jobs' resolution; gives its lines, one an engine.</summary>
    public async Task<string[]> BuildAsync(string ofPack, params string[] options)
    {
        CliResult result = await CliAsync(["engines", "build", "--models", ofPack, "--engines", Engines, "--resolution", "64", .. options]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return Lines(result);
    }

    /// <summary>What <c>doctor</c> says of engines, a finding a line.</summary>
    public async Task<string[]> DoctorAsync() =>
        [.. Lines(await CliAsync(["doctor", "--models", pack, "--engines", Engines])).Where(line => line.Contains(" engine", StringComparison.Ordinal) && !line.StartsWith("        ", StringComparison.Ordinal))];

    /// <summary>What would run the pack; nothing stays loaded.</summary>
    public BackendChoice Choose(LipSyncEngineOptions options, string? ofPack = null)
    {
        BackendChoice choice = BackendChooser.Choose(ModelPack.Open(ofPack ?? pack), options with { EnginesDirectory = Engines, Resolution = options.Resolution ?? Resolution }, CancellationToken.None);
        choice.Gpu?.Dispose();
        return choice;
    }

    /// <summary>Loads a pack for jobs.</summary>
    public LipSyncEngines Load(LipSyncEngineOptions options, string? ofPack = null) =>
        LipSyncEngines.Load(ModelPack.Open(ofPack ?? pack), options with { EnginesDirectory = Engines, Resolution = options.Resolution ?? Resolution }, CancellationToken.None);

    /// <summary>What ONNX Runtime makes of a job.</summary>
    public Task<PipelineRecorder> OnnxAsync(double seconds, string? ofPack = null) => OnnxAsync(Job(seconds), ofPack);

    /// <summary>As above, for any job.</summary>
    public async Task<PipelineRecorder> OnnxAsync(LipSyncOptions job, string? ofPack = null)
    {
        using LipSyncPipeline pipeline = new(Load(new LipSyncEngineOptions { Backend = InferenceBackend.Onnx }, ofPack));
        return await RunAsync(pipeline, job);
    }

    /// <summary>A job.</summary>
    public LipSyncOptions Job(double seconds) => DeviceJob.Of(Path.Combine(folder, "out.mp4"), seconds) with { Overwrite = true };

    /// <summary>Runs a job.</summary>
    public static async Task<PipelineRecorder> RunAsync(LipSyncPipeline pipeline, LipSyncOptions job)
    {
        PipelineRecorder recorder = new();
        recorder.Report = await pipeline.RunAsync(job with { Observer = recorder });
        return recorder;
    }

    /// <summary>Runs a job of some seconds.</summary>
    public Task<PipelineRecorder> RunAsync(LipSyncPipeline pipeline, double seconds, double guidance = 1.5) => RunAsync(pipeline, Job(seconds) with { GuidanceScale = guidance });

    /// <summary>The pack with other weights in its UNet.</summary>
    public string OtherCheckpoint()
    {
        string copy = Path.Combine(folder, "other");
        foreach (string file in Directory.EnumerateFiles(pack, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(copy, Path.GetRelativePath(pack, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        string data = Assert.Single(Directory.GetFiles(copy, "*.data", SearchOption.AllDirectories), file => Path.GetFileName(file).StartsWith("unet", StringComparison.Ordinal));
        byte[] bytes = File.ReadAllBytes(data);
        foreach (ref float weight in MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, bytes.Length / sizeof(float) * sizeof(float))))
        {
            weight *= 1.01f;
        }

        File.WriteAllBytes(data, bytes);
        return copy;
    }

    public static string[] Lines(CliResult result) => result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private long Count(string export) => DoubleLibrary.Count(_tensorRt, export);
}
