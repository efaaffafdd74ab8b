using System.CommandLine;
using LatentSync.Cli.Output;
using LatentSync.Pipeline;
using LatentSync.Pipeline.Evaluation;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync eval</c>: how far a video is from a reference, and how well a drawn presenter's mouth follows the speech.</summary>
internal static class EvalCommand
{
    private static readonly Option<string> s_video = CommonOptions.Path("--video", "The video to judge", required: true);
    private static readonly Option<string?> s_reference = new("--reference") { Description = "What the video should look like: gives PSNR, SSIM and, with a pack, those of face and mouth", HelpName = "path" };
    private static readonly Option<string?> s_mouth = new("--mouth")
    {
        Description = "CSV with the mouth that the speech calls for, a row a frame, column 'openness' 0..1: gives the lip-sync score",
        HelpName = "path",
    };

    private static readonly Option<string?> s_models = CommonOptions.Models("Model pack whose face networks find face and mouth");
    private static readonly Option<double?> s_minimum = CommonOptions.OptionalNumber(
        "--minimum", $"Lip-sync score that the video must reach; a lower one ends with exit code {ExitCodes.BelowMinimum}", -1, 1);

    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("eval", "Compare a video with a reference (--reference), or with the mouth that the speech calls for (--mouth)")
        {
            s_video, s_reference, s_mouth, s_models, s_minimum, s_json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(s_reference) is null && result.GetResult(s_mouth) is null)
            {
                result.AddError("eval: give --reference VIDEO, --mouth TABLE.csv, or both");
            }

            if (result.GetResult(s_minimum) is not null && result.GetResult(s_mouth) is null)
            {
                result.AddError("--minimum: it is the lip-sync score's; give --mouth TABLE.csv as well");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string video = arguments.GetRequiredValue(s_video);
        bool json = arguments.GetValue(s_json);
        if (arguments.GetValue(s_reference) is { } reference)
        {
            EvalPrinter.Print(await CompareAsync(video, reference, arguments.GetValue(s_models), cancellationToken).ConfigureAwait(false), json);
        }

        if (arguments.GetValue(s_mouth) is not { } mouth)
        {
            return ExitCodes.Success;
        }

        LipSyncScore score = await LipSyncScorer.ScoreAsync(video, mouth, PackLocation.Resolve(arguments.GetValue(s_models)), cancellationToken).ConfigureAwait(false);
        double? minimum = arguments.GetValue(s_minimum);
        EvalPrinter.Print(score, minimum, json);

        // A correlation that is not a number reaches nothing.
        if (minimum is null || score.Correlation >= minimum)
        {
            return ExitCodes.Success;
        }

        Console.Error.WriteLine($"latentsync: {video}: the lip-sync score {score.Correlation:0.000} is below the minimum {minimum:0.000}");
        return ExitCodes.BelowMinimum;
    }

    private static async Task<VideoComparison> CompareAsync(string video, string reference, string? models, CancellationToken cancellationToken)
    {
        // Whole pictures can be compared without a pack, but one that was asked for must be there.
        string pack = PackLocation.Resolve(models);
        if (models is not null || pack != PackLocation.Default || Directory.Exists(pack))
        {
            return await VideoComparer.CompareAsync(video, reference, pack, cancellationToken).ConfigureAwait(false);
        }

        VideoComparison comparison = await VideoComparer.CompareAsync(video, reference, null, cancellationToken).ConfigureAwait(false);
        return comparison with { Notes = [.. comparison.Notes, "face and mouth were left out: give a model pack with --models"] };
    }
}
