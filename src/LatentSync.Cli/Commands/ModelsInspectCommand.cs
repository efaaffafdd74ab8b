using System.CommandLine;
using System.Globalization;
using LatentSync.Cli.Output;
using LatentSync.Models.Packs;
using LatentSync.Runtime;
using Spectre.Console;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync models inspect</c>: what a pack holds.</summary>
internal static class ModelsInspectCommand
{
    private static readonly Argument<string> s_pack = new("pack") { Description = "Folder of the pack" };
    private static readonly Option<bool> s_json = CommonOptions.Json();

    public static Command Create()
    {
        Command command = new("inspect", "Show what a pack holds: networks, sizes, precision, tensors, sources") { s_pack, s_json };
        command.SetAction(arguments =>
        {
            ModelPack pack = ModelPack.Open(arguments.GetRequiredValue(s_pack));
            if (arguments.GetValue(s_json))
            {
                JsonLines.Write(new { @event = "result", pack = pack.Path, manifest = pack.Manifest });
            }
            else
            {
                Print(pack);
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static void Print(ModelPack pack)
    {
        PackManifest manifest = pack.Manifest;
        Console.Out.WriteLine($"{pack.Path}: format {manifest.FormatVersion}, made by engine {manifest.EngineVersion}");
        Console.Out.WriteLine($"face {pack.Config.Resolution} px, {pack.Config.NumFrames} frames a chunk, audio width {pack.Config.Model.CrossAttentionDim}, {manifest.Assumed ?? Scheduler(pack)}");
        Table table = new Table().Border(TableBorder.Simple).AddColumns("network", "parameters", "size", "precision", "inputs", "outputs");
        foreach (PackComponent component in manifest.Components)
        {
            table.AddRow(
                Markup.Escape(component.Name), $"{component.ParameterCount / 1e6:0.00} M", $"{component.SizeInBytes / 1e6:0.0} MB", Markup.Escape(component.Precision),
                Markup.Escape(Tensors(component.Inputs)), Markup.Escape(Tensors(component.Outputs)));
        }

        AnsiConsole.Write(table);
        foreach (PackSource source in manifest.Sources)
        {
            Console.Out.WriteLine($"source {source.Role}: {source.FileName}, {source.SizeInBytes} bytes, sha256 {source.Sha256}");
        }
    }

    private static string Scheduler(ModelPack pack) => $"{pack.SchedulerConfig.ClassName}, {pack.SchedulerConfig.PredictionType} prediction";

    private static string Tensors(IReadOnlyList<TensorContract> contracts) => string.Join('\n', contracts.Select(Tensor));

    private static string Tensor(TensorContract contract)
    {
        string shape = string.Join(',', contract.Shape.Select(extent => extent < 0 ? "?" : extent.ToString(CultureInfo.InvariantCulture)));
        string changes = contract.Changes is { } change ? $" each {change.ToString().ToLowerInvariant()}" : string.Empty;
        string chunk = contract.ChunkChannels is [long first, long end] ? $", channels {first}-{end - 1} each chunk" : string.Empty;
        return $"{contract.Name} [{shape}]{changes}{chunk}";
    }
}
