using System.CommandLine;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync engines</c>: TensorRT engines made of packs.</summary>
internal static class EnginesCommand
{
    public static Command Create() => new("engines", "Build TensorRT engines of a model pack, look into them, remove them")
    {
        EnginesBuildCommand.Create(), EnginesListCommand.Create(), EnginesInspectCommand.Create(), EnginesPruneCommand.Create(),
    };

    /// <summary>Where engines are kept. One for each command: an option belongs to one only.</summary>
    public static Option<string?> Folder() => new("--engines")
    {
        Description = $"Folder of the engines [default: ${EngineCache.FolderVariable}, else latentsync/engines in your cache folder]",
        HelpName = "path",
    };

    /// <summary>What an engine is, on one line.</summary>
    public static string Describe(EngineHeader header) =>
        $"{header.Network} {header.Identity.Precision.ToString().ToLowerInvariant()}{Flags(header)}, {header.Identity.Target}";

    /// <summary>An engine for programs.</summary>
    public static object ToJson(EngineCacheEntry entry) => new
    {
        @event = "engine",
        path = entry.Path,
        sizeInBytes = entry.SizeInBytes,
        lastUsed = entry.LastUsed,
        key = entry.File?.Key.Text,
        header = entry.File?.Header,
        refused = entry.Refusal,
        unreadable = entry.Unreadable,
    };

    private static string Flags(EngineHeader header) =>
        (header.Identity.Flags == EngineFlags.None ? string.Empty : $" ({header.Identity.Flags.ToString().ToLowerInvariant()})") + (header.IsRefitted ? " (refitted)" : string.Empty);
}
