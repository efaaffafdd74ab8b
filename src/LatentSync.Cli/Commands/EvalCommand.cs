using System.CommandLine;
using LatentSync.Cli.Output;
using LatentSync.Pipeline;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync eval</c>: how well a drawn presenter's mouth follows the speech.</summary>
internal static class EvalCommand
{
    private static readonly Option<string> s_video = CommonOptions.Path("--video", "The video to judge", required: true);
    private static readonly Option<string> s_mouth = CommonOptions.Path("--mouth", "CSV with the mouth that the speech calls for: a row a frame, column 'openness' 0..1", required: true);
    private static readonly Option<string> s_models = CommonOptions.Path("--models", "Model pack whose face networks measure the mouth", required: true);
    private static readonly Option<double?> s_minimum = CommonOptions.OptionalNumber(
        "--minimum", $"Score that the video must reach; a lower one ends with exit code {ExitCodes.BelowMinimum}", -1, 1);

    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("eval", "Measure the lip-sync score of a video against the mouth that the speech calls for") { s_video, s_mouth, s_models, s_minimum, s_json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string video = arguments.GetRequiredValue(s_video);
        LipSyncScore score = await LipSyncScorer.ScoreAsync(
            video, arguments.GetRequiredValue(s_mouth), arguments.GetRequiredValue(s_models), cancellationToken).ConfigureAwait(false);
        double? minimum = arguments.GetValue(s_minimum);
        if (arguments.GetValue(s_json))
        {
            JsonLines.Write(new { @event = "score", correlation = Math.Round(score.Correlation, 4), frames = score.FrameCount, framesWithFace = score.FramesWithFace, minimum });
        }
        else
        {
            Console.Out.WriteLine($"lip-sync score {score.Correlation:0.000} (correlation of mouth opening with the speech over {score.FramesWithFace} of {score.FrameCount} frames)");
        }

        // A correlation that is not a number reaches nothing.
        if (minimum is null || score.Correlation >= minimum)
        {
            return ExitCodes.Success;
        }

        Console.Error.WriteLine($"latentsync: {video}: the lip-sync score {score.Correlation:0.000} is below the minimum {minimum:0.000}");
        return ExitCodes.BelowMinimum;
    }
}
