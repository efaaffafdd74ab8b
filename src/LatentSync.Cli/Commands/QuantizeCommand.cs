using System.CommandLine;
using LatentSync.Cli.Output;
using LatentSync.Models.Quantization;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Models.Quantization.Recipes;
using LatentSync.Pipeline.Calibration;
using LatentSync.Runtime;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync quantize</c>: a model pack in, a smaller or faster one out.</summary>
internal static class QuantizeCommand
{
    private static readonly Option<string?> s_models = CommonOptions.Models();
    private static readonly Option<string> s_recipe = CommonOptions.Path("--recipe", $"{string.Join(", ", RecipePresets.Names)}, or a recipe of your own (.yaml)", required: true);
    private static readonly Option<string> s_out = CommonOptions.Path("--out", "Folder of the new pack", required: true);
    private static readonly Option<string?> s_target = Target();
    private static readonly Option<string?> s_calibration = new("--calibration")
    {
        Description = "Ranges of activations, which int8 and fp8 need: a folder of clips (NAME.mp4 with NAME.wav), or statistics of an earlier calibration (.json)",
        HelpName = "path",
    };

    private static readonly Option<string?> s_statistics = new("--statistics")
    {
        Description = "Where the statistics of a folder of clips are kept; a calibration that was stopped goes on there [default: beside the new pack]",
        HelpName = "path",
    };

    private static readonly Option<int> s_steps = CommonOptions.Integer("--steps", "Denoising steps of a clip's job", 20, 1, 1000);
    private static readonly Option<double> s_guidance = CommonOptions.Number("--guidance", "Guidance scale of a clip's job", 1.5, 1, 10);
    private static readonly Option<TimeSpan?> s_duration = CommonOptions.Time("--duration", "Use at most this much of each clip's speech");
    private static readonly Option<int> s_threads = CommonOptions.Integer("--threads", "Threads for the networks, 0 takes one per core", 0, 0, 1024);
    private static readonly Option<bool> s_overwrite = CommonOptions.Overwrite();
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("quantize", "Make a smaller or faster model pack by a recipe")
        {
            s_models, s_recipe, s_out, s_target, s_calibration, s_statistics, s_steps, s_guidance, s_duration, s_threads, s_overwrite, s_json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        bool json = arguments.GetValue(s_json);
        QuantizationRecipe recipe = QuantizationRecipe.Load(arguments.GetRequiredValue(s_recipe), arguments.GetValue(s_target));
        QuantizeResult result;
        using (IProgressDisplay display = ProgressDisplay.Create(json))
        {
            QuantizeOptions options = new()
            {
                PackPath = PackLocation.Resolve(arguments.GetValue(s_models)),
                Recipe = recipe,
                OutputPath = arguments.GetRequiredValue(s_out),
                Overwrite = arguments.GetValue(s_overwrite),
            };
            PackQuantizer.Check(options);
            CalibrationStatistics? calibration = await CalibrateAsync(arguments, options, display, cancellationToken).ConfigureAwait(false);
            result = await PackQuantizer.QuantizeAsync(options with { Calibration = calibration }, new ImportProgressView(display), cancellationToken).ConfigureAwait(false);
        }

        QuantizePrinter.Print(result, json);
        return ExitCodes.Success;
    }

    private static async Task<CalibrationStatistics?> CalibrateAsync(ParseResult arguments, QuantizeOptions options, IProgressDisplay display, CancellationToken cancellationToken)
    {
        string[] networks = [.. options.Recipe.Networks.Where(network => network.Value.NeedsCalibration).Select(network => network.Key).Order(StringComparer.Ordinal)];
        if (arguments.GetValue(s_calibration) is not { } path)
        {
            return networks.Length == 0
                ? null
                : throw new LatentSyncException(LatentSyncError.Usage, $"recipe {options.Recipe.Name} needs ranges of activations of {string.Join(", ", networks)}; give --calibration with a folder of clips, or statistics (.json)");
        }

        if (Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase))
        {
            return StatisticsFile.Read(path);
        }

        CalibrationOptions calibration = new()
        {
            PackPath = options.PackPath,
            Clips = CalibrationFolder.Find(path),
            StatisticsPath = arguments.GetValue(s_statistics) ?? Path.TrimEndingDirectorySeparator(options.OutputPath) + ".calibration.json",
            Networks = networks.Length > 0 ? networks : [.. options.Recipe.Networks.Keys.Order(StringComparer.Ordinal)],
            Steps = arguments.GetValue(s_steps),
            GuidanceScale = arguments.GetValue(s_guidance),
            Duration = arguments.GetValue(s_duration),
            Threads = arguments.GetValue(s_threads),
        };
        CalibrationStatistics statistics = await PackCalibrator.RunAsync(calibration, new PipelineProgress(display), cancellationToken).ConfigureAwait(false);
        display.Note($"statistics of {statistics.Clips.Count} clips: {calibration.StatisticsPath}");
        return statistics;
    }

    private static Option<string?> Target()
    {
        Option<string?> option = new("--target") { Description = "Runtime that a preset is for: onnx-cpu or tensorrt [default: the recipe's]" };
        option.AcceptOnlyFromAmong("onnx-cpu", "tensorrt");
        return option;
    }
}
