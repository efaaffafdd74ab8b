using System.Text.Json;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.FullSize;

/// <summary>A reference at the real networks' size: inputs and outputs, and the table of weights they go with.</summary>
/// <param name="File">The reference.</param>
/// <param name="Keys">The table: names and shapes, from which <c>full_size.py</c> makes a checkpoint.</param>
/// <param name="Kind">The network, known by the names of its weights.</param>
/// <param name="Salt">What is put before each name in the weights' formula.</param>
internal sealed record FullSizeCase(string File, string Keys, NetworkKind Kind, string Salt)
{
    private const string Area = "full-size";

    public string Name => Path.GetFileName(File);

    public static string Generator => Path.Combine(Goldens.Area(Area), "full_size.py");

    /// <summary>Every case, in sets that one model pack serves: equal salt, one table of weights a kind.</summary>
    public static IReadOnlyList<IReadOnlyList<FullSizeCase>> Sets()
    {
        List<IReadOnlyList<FullSizeCase>> sets = [];
        foreach (IGrouping<string, FullSizeCase> salted in All().GroupBy(c => c.Salt))
        {
            FullSizeCase[][][] tablesOfKinds =
                [.. salted.GroupBy(c => c.Kind).Select(kind => kind.GroupBy(c => c.Keys).Select(table => table.ToArray()).ToArray())];
            for (int i = 0; i < tablesOfKinds.Max(tables => tables.Length); i++)
            {
                sets.Add([.. tablesOfKinds.Where(tables => i < tables.Length).SelectMany(tables => tables[i])]);
            }
        }

        return sets;
    }

    /// <summary>The table of a kind that no case of a set brings: a pack needs all networks.</summary>
    public static string AnyTable(NetworkKind kind) => Tables().FirstOrDefault(table => KindOf(table) == kind)
        ?? throw new FileNotFoundException($"{Goldens.Area(Area)}: no NAME.keys.json of a {kind}; a pack needs one");

    /// <summary>The names of a table's weights.</summary>
    public static IReadOnlyList<string> WeightNames(string table)
    {
        using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(table));
        return [.. document.RootElement.GetProperty("shapes").EnumerateObject().Select(property => property.Name)];
    }

    private static IEnumerable<string> Tables() => Files("*.keys.json");

    private static string[] Files(string pattern) =>
        Directory.Exists(Goldens.Area(Area)) ? [.. Directory.GetFiles(Goldens.Area(Area), pattern).Order(StringComparer.Ordinal)] : [];

    private static IEnumerable<FullSizeCase> All()
    {
        Dictionary<string, string> tables = Tables().ToDictionary(table => Path.GetFileName(table)[..^".keys.json".Length]);
        foreach (string file in Files("*.safetensors"))
        {
            // NAME*.safetensors goes with NAME.keys.json; of several names the longest is meant.
            string? name = tables.Keys.Where(key => Path.GetFileName(file).StartsWith(key, StringComparison.Ordinal)).MaxBy(key => key.Length);
            Assert.True(name is not null, $"{file}: no NAME.keys.json goes with it");
            using GoldenFile golden = new(file);
            yield return new FullSizeCase(file, tables[name], KindOf(tables[name]), golden.OptionalMetadata("salt") ?? string.Empty);
        }
    }

    private static NetworkKind KindOf(string table)
    {
        IReadOnlyList<string> names = WeightNames(table);
        return names.Contains("encoder.positional_embedding") ? NetworkKind.Whisper
            : names.Contains("encoder.conv_in.weight") ? NetworkKind.Vae
            : NetworkKind.UNet;
    }
}
