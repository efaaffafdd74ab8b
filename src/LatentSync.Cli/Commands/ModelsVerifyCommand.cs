using System.CommandLine;
using LatentSync.Cli.Output;
using LatentSync.Models.Packs;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync models verify</c>: every byte of a pack against its manifest.</summary>
internal static class ModelsVerifyCommand
{
    private static readonly Argument<string> s_pack = new("pack") { Description = "Folder of the pack" };
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("verify", "Check every file of a pack against its manifest") { s_pack, s_json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string pack = arguments.GetRequiredValue(s_pack);
        bool json = arguments.GetValue(s_json);
        IReadOnlyList<PackMismatch> mismatches;
        using (IProgressDisplay display = ProgressDisplay.Create(json))
        {
            mismatches = await ModelPackVerifier.VerifyAsync(pack, new ImportProgressView(display), cancellationToken).ConfigureAwait(false);
        }

        if (json)
        {
            JsonLines.Write(new { @event = "result", pack, intact = mismatches.Count == 0, mismatches });
        }
        else if (mismatches.Count == 0)
        {
            Console.Out.WriteLine($"{pack}: intact");
        }

        foreach (PackMismatch mismatch in mismatches)
        {
            Console.Error.WriteLine($"latentsync: {Path.Combine(pack, mismatch.Path)}: {mismatch.Reason}; import the checkpoints again");
        }

        return mismatches.Count == 0 ? ExitCodes.Success : ExitCodes.Model;
    }
}
