using System.CommandLine;
using LatentSync.Cli.Output;
using LatentSync.Denoising;
using LatentSync.Pipeline;
using LatentSync.Pipeline.Avatars;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Video;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync sync</c>: a video and a recording in, a lip-synced video out.</summary>
internal static class SyncCommand
{
    private static readonly Option<string?> s_video = new("--video") { Description = "Input video; with --avatar only if it is no longer where it was", HelpName = "path" };
    private static readonly Option<string?> s_avatar = new("--avatar")
    {
        Description = "What 'latentsync avatar prepare' made of the video, instead of --video; --start then counts in the speech alone",
        HelpName = "path",
    };

    private static readonly Option<string> s_audio = CommonOptions.Path("--audio", "Speech recording", required: true);
    private static readonly Option<string> s_out = CommonOptions.Path("--out", "Output video (.mp4, .mov or .mkv), or - for fragmented MP4 on standard output, frames leaving as they are made", required: true);
    private static readonly Option<string?> s_models = CommonOptions.Models();
    private static readonly Option<string> s_preset = CommonOptions.Choice("--preset", "How much work is left out; --steps, --scheduler and the cache options override it", "exact", ["exact", "balanced", "fast"]);
    private static readonly Option<int> s_steps = CommonOptions.Integer("--steps", "Denoising steps", 20, 1, 1000);
    private static readonly Option<double> s_guidance = CommonOptions.Number("--guidance", "Guidance scale towards the speech, 1 is none", 1.5, 1, 10);
    private static readonly Option<long> s_seed = CommonOptions.Seed("--seed", "Seed of the noise", 1247);
    private static readonly Option<string> s_scheduler = CommonOptions.Choice("--scheduler", "Sampler", "ddim", SchedulerFactory.Names);
    private static readonly Option<int> s_cacheInterval = CommonOptions.Integer("--cache-interval", "Step caching: run the whole UNet in every so many steps only, 1 is none", 1, 1, 1000);
    private static readonly Option<int> s_cacheBranch = CommonOptions.Integer("--cache-branch", "Skip connection that step caching cuts at, 0 is the cheapest", 0, 0, 1000);
    private static readonly Option<int?> s_resolution = CommonOptions.OptionalInteger("--resolution", "Side of the aligned face in pixels, a multiple of 64 [default: the pack's]");
    private static readonly Option<Rational> s_fps = CommonOptions.FrameRate("--fps", "Frames per second of the job and the output, such as 25, 29.97 or 30000/1001");
    private static readonly Option<TimeSpan?> s_start = CommonOptions.Time("--start", "Begin here, in the video and in the speech");
    private static readonly Option<TimeSpan?> s_duration = CommonOptions.Time("--duration", "Use at most this much of the speech");
    private static readonly Option<int> s_crf = CommonOptions.Integer("--crf", "H.264 quality, 0 is lossless, lower is better", 18, 0, 51);
    private static readonly Option<string> s_missing = CommonOptions.Choice("--on-missing-face", "A frame without a face: pass it on as it is, or end the job", "keep", ["keep", "fail"]);
    private static readonly Option<int> s_detect = CommonOptions.DetectEvery();
    private static readonly Option<int> s_threads = CommonOptions.Integer("--threads", "Threads for the networks, 0 takes one per core", 0, 0, 1024);
    private static readonly Option<int> s_chunks = CommonOptions.Integer("--chunks", "Chunks denoised at the same time on the CPU, 0 takes what is fastest where memory allows", 0, 0, 64);
    private static readonly Option<string> s_backend = CommonOptions.Choice("--backend", "What runs UNet and VAE; auto takes TensorRT where library, GPU and engines are there", "auto", ["auto", "onnx", "tensorrt"]);
    private static readonly Option<string> s_provider = CommonOptions.Choice("--ep", "Execution provider of the ONNX backend", "cpu", ["cpu", "cuda", "tensorrt"]);
    private static readonly Option<string?> s_precision = Precision();
    private static readonly Option<int> s_device = CommonOptions.Integer("--device", "The GPU, by the driver's number", 0, 0, 1023);
    private static readonly Option<string?> s_engines = EnginesCommand.Folder();
    private static readonly Option<int?> s_weights = CommonOptions.OptionalInteger("--weight-streaming-budget", "MiB of each engine's weights kept on the GPU, for a UNet built with --weight-streaming [default: all]");
    private static readonly Option<string?> s_temp = new("--temp-dir") { Description = "Folder for temporary files [default: the system's]", HelpName = "path" };
    private static readonly Option<bool> s_noCache = new("--no-cache") { Description = "Do not keep speech features for the next run" };
    private static readonly Option<bool> s_overwrite = CommonOptions.Overwrite();
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("sync", "Lip-sync a video to a speech recording")
        {
            s_video, s_avatar, s_audio, s_out, s_models, s_preset, s_steps, s_guidance, s_seed, s_scheduler, s_cacheInterval, s_cacheBranch, s_resolution, s_fps, s_start, s_duration, s_crf,
            s_missing, s_detect, s_threads, s_chunks, s_backend, s_provider, s_precision, s_device, s_engines, s_weights, s_temp, s_noCache, s_overwrite, s_json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(s_video) is null && result.GetResult(s_avatar) is null)
            {
                result.AddError("Option '--video' is required, or '--avatar'");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        bool json = arguments.GetValue(s_json), streams = StandardOutput.IsMeantBy(arguments.GetRequiredValue(s_out));
        await using Stream? stream = streams ? StandardOutput.Open(json) : null;
        LipSyncReport report;
        using (IProgressDisplay display = ProgressDisplay.Create(json))
        {
            PipelineProgress progress = new(display);
            using Avatar? avatar = arguments.GetValue(s_avatar) is { } path
                ? await Avatar.OpenAsync(path, arguments.GetValue(s_video), cancellationToken).ConfigureAwait(false)
                : null;
            LipSyncOptions options = Options(arguments, avatar) with { OutputStream = stream };
            await LipSyncPipeline.CheckAsync(options, cancellationToken).ConfigureAwait(false);
            Task<LipSyncPipeline> loading = LipSyncPipeline.LoadAsync(
                PackLocation.Resolve(arguments.GetValue(s_models)), Engines(arguments) with { FirstJob = options }, cancellationToken);
            using LipSyncPipeline pipeline = await Unstoppable.WaitAsync(loading, cancellationToken).ConfigureAwait(false);
            display.Note(pipeline.BackendReason is { } reason ? $"backend: {pipeline.Backend}; not TensorRT: {reason}" : $"backend: {pipeline.Backend}");
            report = await pipeline.RunAsync(options, progress, cancellationToken).ConfigureAwait(false);
        }

        SyncResultPrinter.Print(report, json, streams ? Console.Error : Console.Out);
        return ExitCodes.Success;
    }

    private static LipSyncEngineOptions Engines(ParseResult arguments) => new()
    {
        Threads = arguments.GetValue(s_threads),
        ChunksAtOnce = arguments.GetValue(s_chunks),
        Backend = Enum.Parse<InferenceBackend>(arguments.GetRequiredValue(s_backend), ignoreCase: true),
        OnnxProvider = Enum.Parse<OnnxExecutionProvider>(arguments.GetRequiredValue(s_provider), ignoreCase: true),
        Precision = arguments.GetValue(s_precision) is { } precision ? Enum.Parse<EnginePrecision>(precision, ignoreCase: true) : null,
        Device = arguments.GetValue(s_device),
        EnginesDirectory = arguments.GetValue(s_engines),
        Resolution = arguments.GetValue(s_resolution),
        WeightBudgetInBytes = arguments.GetValue(s_weights) is { } mebibytes ? (long)mebibytes << 20 : null,
    };

    private static Option<string?> Precision()
    {
        Option<string?> option = new("--precision") { Description = "Precision of the engines to run: fp32, fp16, int8 or fp8 [default: fp16 with TensorRT]" };
        option.AcceptOnlyFromAmong([.. Enum.GetNames<EnginePrecision>().Select(name => name.ToLowerInvariant())]);
        return option;
    }

    // What is said counts, what is not said is the preset's.
    private static LipSyncOptions Options(ParseResult arguments, Avatar? avatar)
    {
        LipSyncOptions preset = Job(arguments, avatar).With(Enum.Parse<LipSyncPreset>(arguments.GetRequiredValue(s_preset), ignoreCase: true));
        return preset with
        {
            Steps = IsGiven(arguments, s_steps) ? arguments.GetValue(s_steps) : preset.Steps,
            Scheduler = IsGiven(arguments, s_scheduler) ? arguments.GetRequiredValue(s_scheduler) : preset.Scheduler,
            CacheInterval = IsGiven(arguments, s_cacheInterval) ? arguments.GetValue(s_cacheInterval) : preset.CacheInterval,
            CacheBranch = IsGiven(arguments, s_cacheBranch) ? arguments.GetValue(s_cacheBranch) : preset.CacheBranch,
        };
    }

    private static bool IsGiven(ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    private static LipSyncOptions Job(ParseResult arguments, Avatar? avatar) => new()
    {
        VideoPath = avatar?.VideoPath ?? arguments.GetRequiredValue(s_video)!,
        Avatar = avatar,
        AudioPath = arguments.GetRequiredValue(s_audio),
        OutputPath = arguments.GetRequiredValue(s_out),
        Overwrite = arguments.GetValue(s_overwrite),
        GuidanceScale = arguments.GetValue(s_guidance),
        Seed = arguments.GetValue(s_seed),
        Resolution = arguments.GetValue(s_resolution),
        FrameRate = avatar is not null && arguments.GetResult(s_fps) is null or { Implicit: true } ? avatar.FrameRate : arguments.GetValue(s_fps),
        Start = arguments.GetValue(s_start) ?? TimeSpan.Zero,
        Duration = arguments.GetValue(s_duration),
        DetectEvery = arguments.GetValue(s_detect),
        Crf = arguments.GetValue(s_crf),
        OnMissingFace = Enum.Parse<MissingFacePolicy>(arguments.GetRequiredValue(s_missing), ignoreCase: true),
        TempDirectory = arguments.GetValue(s_temp),
        UseFeatureCache = !arguments.GetValue(s_noCache),
    };
}
