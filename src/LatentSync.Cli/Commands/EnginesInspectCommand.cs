using System.CommandLine;
using System.Globalization;
using LatentSync.Cli.Output;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync engines inspect</c>: what an engine file says of itself, and whether it is whole.</summary>
internal static class EnginesInspectCommand
{
    private static readonly Argument<string> s_engine = new("engine") { Description = "An engine file, or the key of an engine, or its beginning" };
    private static readonly Option<string?> s_folder = EnginesCommand.Folder();
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("inspect", "Show what an engine was made of and for, and check every byte of it") { s_engine, s_folder, s_json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        EngineFile file = new EngineCache(arguments.GetValue(s_folder)).Resolve(arguments.GetRequiredValue(s_engine));
        await Task.Run(() => file.Verify(cancellationToken), cancellationToken).ConfigureAwait(false);
        if (arguments.GetValue(s_json))
        {
            JsonLines.Write(new { @event = "result", path = file.Path, key = file.Key.Text, planSizeInBytes = file.PlanSizeInBytes, header = file.Header });
        }
        else
        {
            Print(file);
        }

        return ExitCodes.Success;
    }

    private static void Print(EngineFile file)
    {
        EngineHeader header = file.Header;
        EngineIdentity identity = header.Identity;
        List<(string Name, string Value)> lines =
        [
            ("file", file.Path),
            ("key", file.Key.Text),
            ("engine", EnginesCommand.Describe(header)),
            ("plan", string.Create(CultureInfo.InvariantCulture, $"{file.PlanSizeInBytes / 1e6:0.0} MB, intact")),
            ("graph", $"structure {identity.Graph.Structure}, with weights {identity.Graph.Content}"),
            ("preparation", identity.Preparation),
            ("tuning", string.Create(CultureInfo.InvariantCulture, $"optimization level {Number(header.Tuning.OptimizationLevel, -1)}, workspace {Number(header.Tuning.WorkspaceInBytes, 0)}, auxiliary streams {Number(header.Tuning.AuxiliaryStreams, -1)}")),
            .. identity.Profiles.Select((profile, index) => ($"profile {index}", profile.ToString())),
            ("created by", header.CreatedBy),
        ];
        foreach ((string name, string value) in lines)
        {
            Console.Out.WriteLine($"{name,-12} {value}");
        }
    }

    private static string Number(long value, long unset) => value == unset ? "default" : value.ToString(CultureInfo.InvariantCulture);
}
