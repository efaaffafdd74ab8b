using LatentSync.Models.Packs;
using LatentSync.Models.Quantization;
using LatentSync.Models.Quantization.Layers;
using Spectre.Console;

namespace LatentSync.Cli.Output;

/// <summary>Prints what a quantization did.</summary>
internal static class QuantizePrinter
{
    public static void Print(QuantizeResult result, bool json)
    {
        if (json)
        {
            JsonLines.Write(new
            {
                @event = "result",
                pack = result.Pack.Path,
                quantization = result.Pack.Manifest.Quantization,
                sizes = result.Pack.Manifest.Components.Select(after => new { after.Name, sizeInBytes = after.SizeInBytes, sourceSizeInBytes = SourceSize(result, after) }),
                float32 = result.Reports.Where(report => report.Value.Float16 is not null).ToDictionary(report => report.Key, report => report.Value.Float16!.Float32Nodes),
            });
            return;
        }

        Table table = new Table().Border(TableBorder.Simple).AddColumns("network", "precision", "layers", "of the weights", "size", "before");
        foreach (QuantizedComponent network in result.Pack.Manifest.Quantization!.Networks)
        {
            PackComponent after = result.Pack.Component(network.Name);
            table.AddRow(
                Markup.Escape(network.Name),
                network.Rest == "fp32" ? network.Precision : $"{network.Precision}, rest {network.Rest}",
                network.LayerCount > 0 ? $"{network.QuantizedLayerCount} of {network.LayerCount}" : "all",
                network.LayerCount > 0 ? $"{network.QuantizedWeightShare:P1}" : string.Empty,
                $"{after.SizeInBytes / 1e6:0.0} MB",
                $"{SourceSize(result, after) / 1e6:0.0} MB");
        }

        AnsiConsole.Write(table);
        foreach ((string network, QuantizationReport report) in result.Reports)
        {
            PrintKept(network, report);
        }

        Console.Out.WriteLine($"{result.Pack.Path}: made by recipe {result.Pack.Manifest.Quantization.Recipe} for {result.Pack.Manifest.Quantization.Target}");
    }

    // By reason: a network has a hundred layers, and few reasons.
    private static void PrintKept(string network, QuantizationReport report)
    {
        foreach (IGrouping<string, LayerDecision> kept in report.Layers.Where(layer => !layer.IsChosen).GroupBy(layer => layer.Reason))
        {
            Console.Out.WriteLine($"{network}: {kept.Count()} layers {kept.Key}, such as {kept.First().Layer}");
        }

        foreach (var kept in (report.Float16?.Float32Nodes ?? []).GroupBy(node => node.Reason).OrderByDescending(group => group.Count()).Take(20))
        {
            Console.Out.WriteLine($"{network}: {kept.Count()} nodes in float32, such as {kept.First().Name}: {kept.Key}");
        }
    }

    private static long SourceSize(QuantizeResult result, PackComponent after) => result.Source.Components.First(component => component.Name == after.Name).SizeInBytes;
}
