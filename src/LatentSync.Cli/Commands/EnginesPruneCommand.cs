using System.CommandLine;
using LatentSync.Cli.Output;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync engines prune</c>: removes engines.</summary>
internal static class EnginesPruneCommand
{
    private const long BytesPerMegabyte = 1_000_000;

    private static readonly Option<bool> s_all = new("--all") { Description = "Remove every engine, and what was measured for building them" };
    private static readonly Option<int?> s_age = Positive("--unused-days", "Remove engines that were not used for so many days");
    private static readonly Option<int?> s_size = Positive("--max-size", "Remove the engines used longest ago until the others take at most so many MB");
    private static readonly Option<string?> s_folder = EnginesCommand.Folder();
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("prune", "Remove engines; without options only those that cannot be used and what killed builds left") { s_all, s_age, s_size, s_folder, s_json };
        command.SetAction(arguments =>
        {
            EnginePruneResult result = new EngineCache(arguments.GetValue(s_folder)).Prune(new EnginePruneOptions
            {
                All = arguments.GetValue(s_all),
                UnusedFor = arguments.GetValue(s_age) is { } days ? TimeSpan.FromDays(days) : null,
                LimitInBytes = arguments.GetValue(s_size) is { } megabytes ? megabytes * BytesPerMegabyte : null,
            });
            Print(result, arguments.GetValue(s_json));
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Print(EnginePruneResult result, bool json)
    {
        if (json)
        {
            JsonLines.Write(new { @event = "result", removed = result.Removed, foreign = result.Foreign, busy = result.Busy, unreadable = result.Unreadable, freedInBytes = result.FreedInBytes });
            return;
        }

        foreach (PrunedFile file in result.Removed)
        {
            Console.Out.WriteLine($"removed {file.Path}: {file.Reason}");
        }

        foreach (string path in result.Busy)
        {
            Console.Out.WriteLine($"kept {path}: it is being written, or cannot be removed");
        }

        foreach (string path in result.Unreadable)
        {
            Console.Out.WriteLine($"kept {path}: it cannot be read; 'latentsync engines list' says why");
        }

        foreach (string path in result.Foreign)
        {
            Console.Out.WriteLine($"kept {path}: not an engine's file");
        }

        Console.Out.WriteLine($"{result.Removed.Count} removed, {result.FreedInBytes / (double)BytesPerMegabyte:0.0} MB freed");
    }

    private static Option<int?> Positive(string name, string description) => CommonOptions.Parsed(
        name, description, "a whole number from 0",
        (string text, out int? value) =>
        {
            bool isNumber = int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number);
            value = isNumber ? number : null;
            return isNumber;
        });
}
