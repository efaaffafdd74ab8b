using System.Text.Json;
using LatentSync.Models.Configuration;
using LatentSync.Models.Packs;
using LatentSync.Runtime;

namespace LatentSync.Models.Quantization.Recipes;

/// <summary>Reads a recipe from YAML. Keys that nobody understands are errors: a misspelt one must not pass for a choice.</summary>
internal static class RecipeFile
{
    private const string What = "a quantization recipe (YAML), or the name of a preset";
    private const int MostPatterns = 1000;

    private static readonly string[] s_keys = ["target", "networks"];
    private static readonly string[] s_networkKeys = ["precision", "rest", "level", "quantize", "keep", "range", "percentile", "weight_bits", "overflow_limit"];

    public static QuantizationRecipe Load(string path)
    {
        if (!File.Exists(path) && !path.AsSpan().ContainsAny('.', '/', '\\'))
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"recipe '{path}': no such preset or file; give one of {string.Join(", ", RecipePresets.Names)}, or the path of a YAML file");
        }

        return Parse(ConfigFile.ReadText(path, What), path);
    }

    /// <summary>Reads a recipe's text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">What errors and the manifest call it; of a path the manifest keeps the file's name.</param>
    public static QuantizationRecipe Parse(string yaml, string file)
    {
        using JsonDocument document = YamlFile.Parse(yaml, file, "a quantization recipe with the keys target and networks");
        ConfigSection root = Section(document.RootElement, file, string.Empty, s_keys);
        ConfigSection networks = root.Section("networks") ?? throw Refused(file, "it names no networks", "add 'networks:' with one of " + string.Join(", ", QuantizationRecipe.NetworkNames));
        return new QuantizationRecipe
        {
            Name = Path.GetFileName(file),
            Target = Word(root, "target", RecipeWords.Targets, null),
            Networks = networks.Keys.ToDictionary(name => name, name => Network(networks, name), StringComparer.Ordinal),
        };
    }

    private static NetworkRecipe Network(ConfigSection networks, string name)
    {
        if (!QuantizationRecipe.NetworkNames.Contains(name))
        {
            throw Refused(networks.File, $"there is no network '{name}' to quantize", $"name one of {string.Join(", ", QuantizationRecipe.NetworkNames)}");
        }

        ConfigSection section = Section(networks.Find(name) ?? default, networks.File, "networks." + name, s_networkKeys);
        NetworkRecipe defaults = new() { Precision = Word(section, "precision", RecipeWords.Precisions, null) };
        NetworkPrecision rest = Word<NetworkPrecision>(section, "rest", RecipeWords.Precisions, defaults.Rest);
        RangeMethod range = Word(section, "range", RecipeWords.Ranges, defaults.Precision == NetworkPrecision.Fp8 ? RangeMethod.Max : defaults.Range);
        RefuseUnused(section, defaults.Precision, rest, range);
        return defaults with
        {
            Rest = rest,
            Level = Word(section, "level", RecipeWords.Levels, defaults.Level),
            Quantize = section.Texts("quantize", defaults.Quantize, MostPatterns),
            Keep = section.Texts("keep", defaults.Keep, MostPatterns),
            Range = range,
            Percentile = section.Number("percentile", defaults.Percentile, 90, 100),
            WeightBits = section.Int("weight_bits", defaults.WeightBits, 7, 8),
            OverflowLimit = section.Number("overflow_limit", defaults.OverflowLimit, 1, 65504),
        };
    }

    // A choice that would have no effect is a misunderstanding, like a key that nobody knows.
    private static void RefuseUnused(ConfigSection section, NetworkPrecision precision, NetworkPrecision rest, RangeMethod range)
    {
        bool calibrated = precision is NetworkPrecision.Int8 or NetworkPrecision.Fp8;
        bool integers = precision is NetworkPrecision.Int8 or NetworkPrecision.Int8Dynamic or NetworkPrecision.WeightOnly;
        bool halves = precision == NetworkPrecision.Fp16 || rest == NetworkPrecision.Fp16;
        bool layers = integers || precision == NetworkPrecision.Fp8;
        foreach ((string key, bool used) in new[]
        {
            ("range", calibrated), ("percentile", calibrated && range == RangeMethod.Percentile), ("weight_bits", integers), ("level", layers), ("rest", layers),
            ("overflow_limit", halves), ("quantize", precision != NetworkPrecision.Fp32), ("keep", precision != NetworkPrecision.Fp32),
        })
        {
            if (!used && section.Has(key))
            {
                throw Refused(section.File, $"'{section.Name}.{key}' has no effect with precision {RecipeWords.Of(RecipeWords.Precisions, precision)}{(calibrated && key == "percentile" ? " and range max" : string.Empty)}", "take it out");
            }
        }
    }

    private static ConfigSection Section(JsonElement element, string file, string name, string[] keys)
    {
        ConfigSection section = new(element, file, name);
        string? unknown = section.Keys.Except(keys).Order(StringComparer.Ordinal).FirstOrDefault();
        return unknown is null
            ? section
            : throw Refused(file, $"the key '{ManifestFile.Printable(name.Length == 0 ? unknown : $"{name}.{unknown}")}' is not known", $"known here: {string.Join(", ", keys)}");
    }

    private static T Word<T>(ConfigSection section, string key, IReadOnlyDictionary<string, T> words, T? fallback)
        where T : struct, Enum
    {
        if (!section.Has(key))
        {
            return fallback ?? throw Refused(section.File, $"the key '{(section.Name.Length == 0 ? key : $"{section.Name}.{key}")}' is missing", $"give one of {string.Join(", ", words.Keys)}");
        }

        return words[section.Choice(key, null, [.. words.Keys])];
    }

    private static LatentSyncException Refused(string file, string reason, string fix) => new(LatentSyncError.Usage, $"{file}: {reason}; {fix}");
}
