using System.CommandLine;
using LatentSync.Cli.Output;
using LatentSync.Pipeline;
using LatentSync.Pipeline.Avatars;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Video;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync avatar prepare</c>: a video in, an avatar out.</summary>
internal static class AvatarPrepareCommand
{
    private static readonly Option<string> s_video = CommonOptions.Path("--video", "Input video", required: true);
    private static readonly Option<string> s_out = CommonOptions.Path("--out", $"The avatar, usually *{AvatarFile.Extension}", required: true);
    private static readonly Option<string?> s_models = CommonOptions.Models();
    private static readonly Option<int?> s_resolution = CommonOptions.OptionalInteger("--resolution", "Side of the aligned face in pixels, a multiple of 64 [default: the pack's]");
    private static readonly Option<Rational> s_fps = CommonOptions.FrameRate("--fps", "Frames per second of the jobs, such as 25, 29.97 or 30000/1001");
    private static readonly Option<TimeSpan?> s_start = CommonOptions.Time("--start", "Begin here in the video");
    private static readonly Option<TimeSpan?> s_duration = CommonOptions.Time("--duration", "Use at most this much of the video");
    private static readonly Option<int> s_detect = CommonOptions.DetectEvery();
    private static readonly Option<int> s_threads = CommonOptions.Integer("--threads", "Threads for the networks, 0 takes one per core", 0, 0, 1024);
    private static readonly Option<string> s_provider = CommonOptions.Choice("--ep", "Execution provider of ONNX Runtime", "cpu", ["cpu", "cuda", "tensorrt"]);
    private static readonly Option<int> s_device = CommonOptions.Integer("--device", "The GPU, by the driver's number", 0, 0, 1023);
    private static readonly Option<bool> s_overwrite = CommonOptions.Overwrite();
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("prepare", "Find, cut and encode the faces of a video, once for any number of recordings")
        {
            s_video, s_out, s_models, s_resolution, s_fps, s_start, s_duration, s_detect, s_threads, s_provider, s_device, s_overwrite, s_json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        bool json = arguments.GetValue(s_json);
        AvatarReport report;
        using (IProgressDisplay display = ProgressDisplay.Create(json))
        {
            AvatarOptions options = Options(arguments);
            await AvatarMaker.CheckAsync(options, cancellationToken).ConfigureAwait(false);
            LipSyncEngineOptions engines = new()
            {
                Threads = arguments.GetValue(s_threads),
                OnnxProvider = Enum.Parse<OnnxExecutionProvider>(arguments.GetRequiredValue(s_provider), ignoreCase: true),
                Device = arguments.GetValue(s_device),
            };
            Task<AvatarMaker> loading = AvatarMaker.LoadAsync(PackLocation.Resolve(arguments.GetValue(s_models)), engines, cancellationToken);
            using AvatarMaker maker = await Unstoppable.WaitAsync(loading, cancellationToken).ConfigureAwait(false);
            report = await maker.PrepareAsync(options, new AvatarProgressView(display), cancellationToken).ConfigureAwait(false);
        }

        AvatarPrinter.Print(report, json);
        return ExitCodes.Success;
    }

    private static AvatarOptions Options(ParseResult arguments) => new()
    {
        VideoPath = arguments.GetRequiredValue(s_video),
        OutputPath = arguments.GetRequiredValue(s_out),
        Overwrite = arguments.GetValue(s_overwrite),
        Resolution = arguments.GetValue(s_resolution),
        FrameRate = arguments.GetValue(s_fps),
        Start = arguments.GetValue(s_start) ?? TimeSpan.Zero,
        Duration = arguments.GetValue(s_duration),
        DetectEvery = arguments.GetValue(s_detect),
    };
}
