using System.Collections.Concurrent;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.TensorRt;
using LatentSync.Tests.Pipeline;

namespace LatentSync.Tests.TensorRtDouble;

/// <summary>Whole jobs on TensorRT's path, held against ONNX Runtime's.</summary>
internal static class JobScenarios
{
    private const double ShortJob = 0.12;

    // As on the driver's double alone: sums in another order and products fused differently.
    private const double Float32Latents = 1e-4, Float32Psnr = 60;

    private static readonly LipSyncEngineOptions s_float32 = new() { Precision = EnginePrecision.Fp32 };

    public static Task RunsAsOnnxRuntimeDoes(DoubleMachine machine) => RunsAsync(machine, ShortJob, lengths: 1);

    // A chunk of 16 frames and a short one, each in a profile of its own.
    public static Task RunsWholeAndShortChunks(DoubleMachine machine) => RunsAsync(machine, 0.72, lengths: 2);

    public static async Task RunsInHalfPrecision(DoubleMachine machine)
    {
        Assert.Equal(3, (await machine.BuildAsync(machine.Pack, "--precision", "fp16")).Length);
        PipelineRecorder expected = await machine.OnnxAsync(ShortJob);
        using LipSyncPipeline pipeline = new(machine.Load(new LipSyncEngineOptions()));
        Assert.Contains("(fp16, ", pipeline.Backend, StringComparison.Ordinal);
        PipelineRecorder actual = await machine.RunAsync(pipeline, ShortJob);
        // Half precision keeps 11 bits, 5e-4 of a value, and the errors of some hundred layers add up; a wrong frame or weight is off by a deviation or more.
        Assert.InRange(DeviceJob.WorstLatent(expected, actual), 1e-5, 0.1);
        DeviceJob.AssertFrames(expected, actual, 40);
    }

    public static async Task RunsRefittedEngines(DoubleMachine machine)
    {
        string other = machine.OtherCheckpoint();
        await machine.BuildAsync(machine.Pack, "--precision", "fp32", "--refittable");
        string[] lines = await machine.BuildAsync(other, "--precision", "fp32", "--refit");
        // Of the three networks only the UNet has other weights.
        Assert.Equal([true, false, false], lines.Select(line => line.Contains("refitted in", StringComparison.Ordinal)));
        PipelineRecorder before = await machine.OnnxAsync(ShortJob), expected = await machine.OnnxAsync(ShortJob, other);
        using LipSyncPipeline pipeline = new(machine.Load(s_float32 with { Backend = InferenceBackend.TensorRt }, other));
        PipelineRecorder actual = await machine.RunAsync(pipeline, ShortJob);
        Assert.InRange(DeviceJob.WorstLatent(expected, actual), 0, Float32Latents);
        DeviceJob.AssertFrames(expected, actual, Float32Psnr);
        Assert.True(DeviceJob.WorstLatent(before, expected) > 10 * Float32Latents, "the other checkpoint gives the same latents");
    }

    public static async Task StreamsTheUNetsWeights(DoubleMachine machine)
    {
        await machine.BuildAsync(machine.Pack, "--precision", "fp32");
        LipSyncEngineOptions limited = s_float32 with { WeightBudgetInBytes = 1 << 10 };
        BackendChoice refused = machine.Choose(limited);
        Assert.Contains("no engine for this pack's unet that streams its weights at fp32", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("engines build --precision fp32 --resolution 64 --weight-streaming'", refused.Reason, StringComparison.Ordinal);

        // The VAE's engines are those that are there, without streaming.
        await machine.BuildAsync(machine.Pack, "--precision", "fp32", "--weight-streaming", "--network", "unet");
        PipelineRecorder expected = await machine.OnnxAsync(ShortJob);
        using (LipSyncPipeline pipeline = new(machine.Load(limited)))
        {
            Assert.Null(pipeline.BackendReason);
            PipelineRecorder actual = await machine.RunAsync(pipeline, ShortJob);
            string warning = Assert.Single(actual.Report!.Warnings);
            Assert.StartsWith("the work of the UNet cannot be captured", warning, StringComparison.Ordinal);
            Assert.Contains("streams its weights", warning, StringComparison.Ordinal);
            Assert.InRange(DeviceJob.WorstLatent(expected, actual), 0, Float32Latents);
            DeviceJob.AssertFrames(expected, actual, Float32Psnr);
        }

        // Without a limit the engine that does not stream is taken, though the other was used last: every step is captured.
        using (LipSyncPipeline pipeline = new(machine.Load(s_float32)))
        {
            Assert.Empty((await machine.RunAsync(pipeline, ShortJob)).Report!.Warnings);
        }
    }

    public static async Task TellsWhatTensorRtSays(DoubleMachine machine)
    {
        await machine.BuildAsync(machine.Pack, "--precision", "fp32");
        ConcurrentQueue<EngineLogLine> host = [];
        machine.Say(EngineLogSeverity.Warning, "the plan was made for\nanother GPU of this kind");
        using LipSyncPipeline pipeline = new(machine.Load(s_float32 with { Log = host.Enqueue }));
        Assert.Null(pipeline.BackendReason);
        Assert.Equal(3, host.Count);
        Assert.Equal(["TensorRT: the plan was made for another GPU of this kind"], (await machine.RunAsync(pipeline, ShortJob)).Report!.Warnings);
        Assert.True(host.Count > 3);
        Assert.All(host, line => Assert.Equal(new EngineLogLine(EngineLogSeverity.Warning, "the plan was made for\nanother GPU of this kind"), line));

        // Captured steps say nothing: a job of other shapes enqueues again.
        machine.Say(EngineLogSeverity.Information, "no cause for alarm");
        Assert.Empty((await machine.RunAsync(pipeline, ShortJob, guidance: 1)).Report!.Warnings);
        Assert.Contains(new EngineLogLine(EngineLogSeverity.Information, "no cause for alarm"), host);
        machine.Say(EngineLogSeverity.Information, null);
    }

    private static async Task RunsAsync(DoubleMachine machine, double seconds, int lengths)
    {
        Assert.Equal(3, (await machine.BuildAsync(machine.Pack, "--precision", "fp32")).Length);
        Assert.Equal(3, DoubleMachine.Lines(await DoubleMachine.CliAsync(["engines", "list", "--engines", machine.Engines])).Count(line => line.Contains($"fp32, TensorRT {machine.Major}.", StringComparison.Ordinal)));
        string[] findings = await machine.DoctorAsync();
        Assert.Contains("ok      engines: 3 of 3 ", findings[0], StringComparison.Ordinal);
        Assert.All(findings.Skip(1), line => Assert.Matches("^ok      engine [0-9a-f]{12}: (unet|vae_encoder|vae_decoder) fp32, TensorRT", line));

        PipelineRecorder expected = await machine.OnnxAsync(seconds), actual;
        using (LipSyncEngines engines = machine.Load(s_float32))
        {
            using LipSyncPipeline pipeline = new(engines);
            CudaDevice device = engines.Backend.Gpu!.Device;
            long runs = machine.Runs;
            actual = await machine.RunAsync(pipeline, seconds);
            Assert.StartsWith($"TensorRT {machine.Major}.", actual.Report!.Backend, StringComparison.Ordinal);
            Assert.Null(pipeline.BackendReason);
            Assert.Empty(actual.Report.Warnings);
            CudaCounters counters = device.Counters;
            // Encoder, decoder, and the step at each length: a plain run, then a capture, then launches.
            Assert.Equal((2 + lengths, 2 + lengths), (counters.Captures, counters.EngineEnqueues));
            Assert.Equal(machine.Runs - runs, counters.EngineEnqueues + counters.GraphLaunches);
        }

        Assert.InRange(DeviceJob.WorstLatent(expected, actual), 0, Float32Latents);
        DeviceJob.AssertFrames(expected, actual, Float32Psnr);
    }
}
