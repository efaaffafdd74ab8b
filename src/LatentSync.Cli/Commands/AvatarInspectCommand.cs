using System.CommandLine;
using LatentSync.Cli.Output;
using LatentSync.Pipeline.Avatars;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync avatar inspect</c>: what an avatar says of itself, and whether it is whole.</summary>
internal static class AvatarInspectCommand
{
    private static readonly Argument<string> s_avatar = new("avatar") { Description = "An avatar file" };
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("inspect", "Show what an avatar was made of, and check every byte of it") { s_avatar, s_json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using AvatarFile file = await Task.Run(() => AvatarFile.Open(arguments.GetRequiredValue(s_avatar), cancellationToken), cancellationToken).ConfigureAwait(false);
        AvatarPrinter.Print(file, arguments.GetValue(s_json));
        return ExitCodes.Success;
    }
}
