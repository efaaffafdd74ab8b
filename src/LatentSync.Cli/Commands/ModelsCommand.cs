using System.CommandLine;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync models</c>: packs made of checkpoints.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "Import checkpoints into a model pack, look into packs, verify them")
    {
        ModelsImportCommand.Create(), ModelsInspectCommand.Create(), ModelsVerifyCommand.Create(),
    };
}
