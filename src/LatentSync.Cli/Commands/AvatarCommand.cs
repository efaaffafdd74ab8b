using System.CommandLine;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync avatar</c>: what depends on a video alone, computed once.</summary>
internal static class AvatarCommand
{
    public static Command Create() => new("avatar", "Prepare a video once for any number of recordings, look into what was prepared")
    {
        AvatarPrepareCommand.Create(), AvatarInspectCommand.Create(),
    };
}
