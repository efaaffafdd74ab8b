using System.CommandLine;
using LatentSync.Cli.Output;
using LatentSync.Denoising;
using LatentSync.Pipeline;
using LatentSync.Profiling;
using LatentSync.Profiling.Comparison;
using LatentSync.Profiling.Profiles;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync profile</c>: where a job's time goes, by stage and layer, and whether it goes elsewhere than in an earlier profile.</summary>
internal static class ProfileCommand
{
    private static readonly Option<string> s_video = CommonOptions.Path("--video", "Input video", required: true);
    private static readonly Option<string> s_audio = CommonOptions.Path("--audio", "Speech recording", required: true);
    private static readonly Option<string> s_report = CommonOptions.Path("--report", "Folder for profile.json, layers.csv and trace.json (for ui.perfetto.dev)", required: true);
    private static readonly Option<string?> s_models = CommonOptions.Models();
    private static readonly Option<string?> s_compare = new("--compare") { Description = "The profile.json of an earlier run to compare with; a slower layer or stage ends with an exit code of its own", HelpName = "path" };
    private static readonly Option<int> s_runs = CommonOptions.Integer("--runs", "Runs that count, each once plain and once with profiles of layers", 5, 1, 1000);
    private static readonly Option<int> s_steps = CommonOptions.Integer("--steps", "Denoising steps", 20, 1, 1000);
    private static readonly Option<double> s_guidance = CommonOptions.Number("--guidance", "Guidance scale towards the speech, 1 is none", 1.5, 1, 10);
    private static readonly Option<string> s_scheduler = CommonOptions.Choice("--scheduler", "Sampler", "ddim", SchedulerFactory.Names);
    private static readonly Option<int> s_cacheInterval = CommonOptions.Integer("--cache-interval", "Step caching: run the whole UNet in every so many steps only, 1 is none", 1, 1, 1000);
    private static readonly Option<TimeSpan?> s_duration = CommonOptions.Time("--duration", "Use at most this much of the speech");
    private static readonly Option<int> s_threads = CommonOptions.Integer("--threads", "Threads for the networks, 0 takes one per core", 0, 0, 1024);
    private static readonly Option<int> s_chunks = CommonOptions.Integer("--chunks", "Chunks denoised at the same time on the CPU, 0 takes what is fastest where memory allows", 0, 0, 64);
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("profile", "Run a job several times on ONNX Runtime and write where its time goes")
        {
            s_video, s_audio, s_report, s_models, s_compare, s_runs, s_steps, s_guidance, s_scheduler, s_cacheInterval, s_duration, s_threads, s_chunks, s_json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        bool json = arguments.GetValue(s_json);

        // Read first: what is wrong with it is told before minutes of work.
        JobProfile? before = arguments.GetValue(s_compare) is { } path ? JobProfile.Read(path) : null;
        string folder = arguments.GetRequiredValue(s_report);
        LipSyncOptions job = new()
        {
            VideoPath = arguments.GetRequiredValue(s_video),
            AudioPath = arguments.GetRequiredValue(s_audio),
            OutputPath = Path.Combine(folder, "out.mp4"),
            Steps = arguments.GetValue(s_steps),
            GuidanceScale = arguments.GetValue(s_guidance),
            Scheduler = arguments.GetRequiredValue(s_scheduler),
            CacheInterval = arguments.GetValue(s_cacheInterval),
            Duration = arguments.GetValue(s_duration),
        };
        LipSyncEngineOptions engines = new()
        {
            Threads = arguments.GetValue(s_threads),
            ChunksAtOnce = arguments.GetValue(s_chunks),
            Backend = InferenceBackend.Onnx,
        };
        JobProfile profile;
        using (IProgressDisplay display = ProgressDisplay.Create(json))
        {
            profile = await JobProfiler.RunAsync(
                PackLocation.Resolve(arguments.GetValue(s_models)), engines, job, arguments.GetValue(s_runs), folder, display.Note, cancellationToken).ConfigureAwait(false);
        }

        ProfileComparison? comparison = before is null ? null : ProfileComparison.Of(before, profile);
        ProfilePrinter.Print(profile, comparison, folder, json);
        return comparison is not null && ProfilePrinter.Slower(comparison).Any() ? ExitCodes.BelowMinimum : ExitCodes.Success;
    }
}
