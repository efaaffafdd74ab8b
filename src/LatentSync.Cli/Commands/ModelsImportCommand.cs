using System.CommandLine;
using System.Diagnostics;
using LatentSync.Cli.Output;
using LatentSync.Models.Packs;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync models import</c>: original checkpoints in, a model pack out.</summary>
internal static class ModelsImportCommand
{
    private static readonly Option<string> s_config = CommonOptions.Path("--config", "The original's YAML configuration, such as stage2.yaml", required: true);
    private static readonly Option<string> s_out = CommonOptions.Path("--out", "Folder of the new pack", required: true);
    private static readonly Option<string?> s_checkpoints = Optional(
        "--checkpoints", "Folder in the official layout: latentsync_unet.pt, whisper/*.pt, vae/ or sd-vae-ft-mse/, auxiliary/models/buffalo_l/*.onnx");
    private static readonly Option<string?> s_unet = Optional("--unet", "UNet checkpoint, instead of the layout's");
    private static readonly Option<string?> s_whisper = Optional("--whisper", "Whisper checkpoint, instead of the layout's");
    private static readonly Option<string?> s_vae = Optional("--vae", "VAE folder, instead of the layout's");
    private static readonly Option<string?> s_detector = Optional("--detector", "Face detector (det_10g.onnx), instead of the layout's");
    private static readonly Option<string?> s_landmarks = Optional("--landmarks", "Face landmarks (2d106det.onnx), instead of the layout's");
    private static readonly Option<string?> s_scheduler = Optional(
        "--scheduler-config", "scheduler_config.json; else looked for beside --config, in the checkpoints' folder and in their parents");
    private static readonly Option<bool> s_overwrite = CommonOptions.Overwrite();
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("import", "Make a model pack from original checkpoints")
        {
            s_checkpoints, s_config, s_out, s_unet, s_whisper, s_vae, s_detector, s_landmarks, s_scheduler, s_overwrite, s_json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        ImportOptions options = new()
        {
            ConfigPath = arguments.GetRequiredValue(s_config),
            OutputPath = arguments.GetRequiredValue(s_out),
            CheckpointsPath = arguments.GetValue(s_checkpoints),
            UNetPath = arguments.GetValue(s_unet),
            WhisperPath = arguments.GetValue(s_whisper),
            VaePath = arguments.GetValue(s_vae),
            DetectorPath = arguments.GetValue(s_detector),
            LandmarksPath = arguments.GetValue(s_landmarks),
            SchedulerConfigPath = arguments.GetValue(s_scheduler),
            Overwrite = arguments.GetValue(s_overwrite),
        };
        bool json = arguments.GetValue(s_json);
        long start = Stopwatch.GetTimestamp();
        ImportResult result;
        using (IProgressDisplay display = ProgressDisplay.Create(json))
        {
            result = await ModelImporter.ImportAsync(options, new ImportProgressView(display), cancellationToken).ConfigureAwait(false);
        }

        Print(result, Stopwatch.GetElapsedTime(start), json);
        return ExitCodes.Success;
    }

    private static void Print(ImportResult result, TimeSpan elapsed, bool json)
    {
        long peakMemory = Process.GetCurrentProcess().PeakWorkingSet64;
        if (json)
        {
            JsonLines.Write(new
            {
                @event = "result",
                pack = result.Pack.Path,
                seconds = Math.Round(elapsed.TotalSeconds, 3),
                peakMemoryInBytes = peakMemory,
                warnings = result.Warnings,
            });
            return;
        }

        foreach (string warning in result.Warnings)
        {
            Console.Error.WriteLine($"warning: {warning}");
        }

        Console.Out.WriteLine($"{result.Pack.Path}: imported in {elapsed.TotalSeconds:0.0} s, peak memory {peakMemory / 1e6:0} MB");
    }

    private static Option<string?> Optional(string name, string description) => new(name) { Description = description, HelpName = "path" };
}
