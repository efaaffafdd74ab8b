using System.CommandLine;
using LatentSync.Cli.Output;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync engines list</c>: the engines that are there.</summary>
internal static class EnginesListCommand
{
    private static readonly Option<string?> s_folder = EnginesCommand.Folder();
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("list", "List the engines, and the files that cannot be used") { s_folder, s_json };
        command.SetAction(arguments =>
        {
            EngineCache cache = new(arguments.GetValue(s_folder));
            IReadOnlyList<EngineCacheEntry> entries = cache.List();
            foreach (EngineCacheEntry entry in entries)
            {
                Print(entry, arguments.GetValue(s_json));
            }

            if (entries.Count == 0 && !arguments.GetValue(s_json))
            {
                Console.Out.WriteLine($"{cache.Folder}: no engines; make some with 'latentsync engines build'");
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static void Print(EngineCacheEntry entry, bool json)
    {
        if (json)
        {
            JsonLines.Write(EnginesCommand.ToJson(entry));
        }
        else if (entry.File is { } file)
        {
            Console.Out.WriteLine($"{file.Key.Text[..12]}  {entry.SizeInBytes / 1e6,8:0.0} MB  {entry.LastUsed:yyyy-MM-dd}  {EnginesCommand.Describe(file.Header)}");
        }
        else
        {
            Console.Out.WriteLine($"{(entry.Refusal is null ? "UNREADABLE" : "REFUSED"),-12}  {entry.SizeInBytes / 1e6,8:0.0} MB  {entry.LastUsed:yyyy-MM-dd}  {entry.Refusal ?? entry.Unreadable}");
        }
    }
}
