using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using LatentSync.Cli.Commands;
using LatentSync.Cli.Output;
using LatentSync.Runtime;

namespace LatentSync.Cli;

/// <summary>Parses, calls the library, prints, and turns every failure into one line and an exit code.</summary>
internal static class CliApplication
{
    private const string Description =
        "LatentSync: re-animates the mouth of a person in a video so that it speaks a given recording.\n\n"
        + "Exit codes: 0 done, 1 unexpected error, 2 wrong arguments, 3 bad input media, 4 bad model or pack,\n"
        + "5 output cannot be written, 6 a frame without a face (with --on-missing-face fail),\n"
        + "7 something is missing on this machine, 8 a score below eval's --minimum or a slower profile, 130 cancelled.";

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="cancellationToken">Stops it, as Ctrl-C does.</param>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken = default)
    {
        // Not a RootCommand: that would take its name from the assembly, and help would show another command than the one that was typed.
        Command root = new("latentsync", Description)
        {
            SyncCommand.Create(), AvatarCommand.Create(), ModelsCommand.Create(), QuantizeCommand.Create(), EnginesCommand.Create(), EvalCommand.Create(), ProfileCommand.Create(),
            DoctorCommand.Create(), new HelpOption(), new VersionOption(),
        };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            return Fail(parsed, ExitCodes.Usage, UsageError(parsed), "usage");
        }

        InvocationConfiguration configuration = new()
        {
            EnableDefaultExceptionHandler = false,
            // More than it takes to stop ffmpeg and remove what is half-written; further signals meanwhile change nothing.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            string left = exception is PartlyCancelledException ? exception.Message : "nothing was written";
            Fail(parsed, ExitCodes.Cancelled, $"cancelled; {left}", "cancelled");
            Unstoppable.EndProcess(ExitCodes.Cancelled);
            return ExitCodes.Cancelled;
        }
        catch (LatentSyncException exception)
        {
            return Fail(parsed, ExitCodes.For(exception.Error), exception.Message, exception.Error.ToString().ToLowerInvariant());
        }
        catch (Exception exception) when (Environment.GetEnvironmentVariable("LATENTSYNC_DEBUG") != "1")
        {
            string line = exception.Message.ReplaceLineEndings(" ");
            return Fail(parsed, ExitCodes.Unexpected, $"unexpected {exception.GetType().Name}: {line} (set LATENTSYNC_DEBUG=1 for the stack trace)", "unexpected");
        }
    }

    private static string UsageError(ParseResult parsed)
    {
        List<string> path = [];
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = result.Parent)
        {
            path.Insert(0, command.Command.Name);
        }

        // A word that is not known explains more than the command that is missing because of it.
        string error = parsed.UnmatchedTokens.Count > 0
            ? $"'{parsed.UnmatchedTokens[0]}' is not a command or an option here"
            : parsed.Errors[0].Message.TrimEnd('.');
        return $"{error}; see '{string.Join(' ', path)} --help'";
    }

    private static int Fail(ParseResult parsed, int exitCode, string message, string kind)
    {
        if (parsed.GetValue<bool>(CommonOptions.JsonName))
        {
            JsonLines.Write(new { @event = "error", kind, exitCode, message });
        }

        Console.Error.WriteLine($"latentsync: {message.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}
