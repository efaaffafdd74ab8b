using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Tests.Pipeline;

namespace LatentSync.Tests.TensorRtDouble;

/// <summary>Engines of the UNet's other forms, from the command line to the frames.</summary>
internal static class ProgramScenarios
{
    private const double Seconds = 0.12;

    private static readonly string[] s_program = ["unet-schedule", "unet-chunk", "unet-step", "unet-shallow"];

    private static readonly LipSyncEngineOptions s_float32 = new() { Precision = EnginePrecision.Fp32 };

    public static async Task RunsRewrittenAndCached(DoubleMachine machine)
    {
        string[] lines = await machine.BuildAsync(machine.Pack, "--precision", "fp32", "--rewrites", "--cache-branch", "0");
        string[] built = [.. s_program, "vae_encoder", "vae_decoder"];
        Assert.Equal(built, lines.Select(Network));
        Assert.All(await machine.BuildAsync(machine.Pack, "--precision", "fp32", "--rewrites", "--cache-branch", "0"), line => Assert.Contains("reused in", line, StringComparison.Ordinal));
        string[] listed = DoubleMachine.Lines(await DoubleMachine.CliAsync(["engines", "list", "--engines", machine.Engines]));
        Assert.All(built, network => Assert.Single(listed, line => line.Contains($"  {network} fp32, TensorRT", StringComparison.Ordinal)));
        Assert.Contains("ok      engines: 6 of 6 ", (await machine.DoctorAsync())[0], StringComparison.Ordinal);

        LipSyncOptions job = machine.Job(Seconds) with { Steps = 4, CacheInterval = 2, Scheduler = "unipc" };
        PipelineRecorder expected = await machine.OnnxAsync(job);
        using LipSyncPipeline pipeline = new(machine.Load(s_float32 with { FirstJob = job }));
        Assert.Null(pipeline.BackendReason);
        PipelineRecorder actual = await DoubleMachine.RunAsync(pipeline, job);
        Assert.StartsWith("TensorRT ", actual.Report!.Backend, StringComparison.Ordinal);
        Assert.Empty(actual.Report.Warnings);
        // Encoder, decoder, the whole step and the shallow one.
        Assert.Equal((1, 4), (actual.Report.Gpu!.LaunchesPerStep, actual.Report.Gpu.Captures));
        // As for the plain network: sums in another order and products fused differently.
        Assert.InRange(DeviceJob.WorstLatent(expected, actual), 0, 1e-4);
        DeviceJob.AssertFrames(expected, actual, 60);
    }

    public static async Task RunsRewrittenInHalfPrecision(DoubleMachine machine)
    {
        string[] lines = await machine.BuildAsync(machine.Pack, "--precision", "fp16", "--rewrites");
        Assert.Equal([.. s_program.Take(3), "vae_encoder", "vae_decoder"], lines.Select(Network));
        LipSyncOptions job = machine.Job(Seconds);
        PipelineRecorder expected = await machine.OnnxAsync(job);
        using LipSyncPipeline pipeline = new(machine.Load(new LipSyncEngineOptions { FirstJob = job }));
        Assert.Contains("(fp16, ", pipeline.Backend, StringComparison.Ordinal);
        PipelineRecorder actual = await DoubleMachine.RunAsync(pipeline, job);
        // As for the plain network at fp16, see JobScenarios.
        Assert.InRange(DeviceJob.WorstLatent(expected, actual), 1e-5, 0.1);
        DeviceJob.AssertFrames(expected, actual, 40);
    }

    public static async Task NeedsItsOwnEngines(DoubleMachine machine)
    {
        await machine.BuildAsync(machine.Pack, "--precision", "fp32");
        LipSyncOptions plain = machine.Job(Seconds), cached = plain with { CacheInterval = 3, CacheBranch = 1 };
        Assert.Null(machine.Choose(s_float32 with { FirstJob = plain }).Reason);
        string reason = machine.Choose(s_float32 with { FirstJob = cached }).Reason!;
        Assert.Contains("unet-step at fp32", reason, StringComparison.Ordinal);
        Assert.Contains("engines build --precision fp32 --cache-branch 1", reason, StringComparison.Ordinal);

        // A pipeline on the GPU whose next job has no engines: there, and back.
        using LipSyncPipeline pipeline = new(machine.Load(s_float32 with { FirstJob = plain }));
        PipelineRecorder left = await DoubleMachine.RunAsync(pipeline, cached);
        Assert.StartsWith("ONNX Runtime", left.Report!.Backend, StringComparison.Ordinal);
        Assert.Contains("--cache-branch 1", Assert.Single(left.Report.Warnings), StringComparison.Ordinal);
        Assert.Empty((await DoubleMachine.RunAsync(pipeline, plain)).Report!.Warnings);

        // Once they are built, the same pipeline takes them; an unknown branch is refused by the build.
        await machine.BuildAsync(machine.Pack, "--precision", "fp32", "--cache-branch", "1");
        Assert.Empty((await DoubleMachine.RunAsync(pipeline, cached)).Report!.Warnings);
        Assert.Contains(
            "--cache-branch 99",
            (await DoubleMachine.CliAsync(["engines", "build", "--models", machine.Pack, "--engines", machine.Engines, "--cache-branch", "99"])).Errors,
            StringComparison.Ordinal);
    }

    // PATH: NETWORK PRECISION, ...
    private static string Network(string line) => line.Split(": ")[1].Split(' ')[0];
}
