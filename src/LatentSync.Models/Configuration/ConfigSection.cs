using System.Globalization;
using System.Text.Json;
using LatentSync.Runtime;

namespace LatentSync.Models.Configuration;

/// <summary>
/// One mapping of a configuration file, read key by key with types and ranges checked. It remembers which keys were asked for, so that
/// <see cref="RefuseUnread"/> can name one that nobody understands instead of passing over it.
/// </summary>
internal sealed class ConfigSection
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <param name="element">A JSON object.</param>
    /// <param name="file">The file, for errors.</param>
    /// <param name="name">Dotted name of the section, empty at the top.</param>
    public ConfigSection(JsonElement element, string file, string name)
    {
        File = file;
        Name = name;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new LatentSyncException(LatentSyncError.Model, name.Length == 0
                ? $"{file}: it holds {Describe(element)} where a mapping of keys to values belongs; is it the right file?"
                : $"{file}: '{name}' is {Describe(element)}, expected a mapping of keys to values");
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            _values[property.Name] = property.Value;
        }
    }

    public string File { get; }

    public string Name { get; }

    public IReadOnlyCollection<string> Keys => _values.Keys;

    public bool Has(string key) => _values.TryGetValue(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A key's value; absent and null are the same.</summary>
    public JsonElement? Find(string key)
    {
        _read.Add(key);
        return Has(key) ? _values[key] : null;
    }

    public ConfigSection? Section(string key) => Find(key) is { } element ? new ConfigSection(element, File, Path(key)) : null;

    public int Int(string key, int? fallback, int min, int max)
    {
        if (Find(key) is not { } value)
        {
            return fallback ?? throw Missing(key);
        }

        return ToInt(key, value, min, max);
    }

    public double Number(string key, double? fallback, double min, double max)
    {
        if (Find(key) is not { } value)
        {
            return fallback ?? throw Missing(key);
        }

        return ToNumber(key, value, min, max);
    }

    public bool Bool(string key, bool? fallback) => Find(key) switch
    {
        null => fallback ?? throw Missing(key),
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw Wrong(key, other, "true or false"),
    };

    public string Text(string key, string? fallback) => Find(key) switch
    {
        null => fallback ?? throw Missing(key),
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        { } other => throw Wrong(key, other, "a text"),
    };

    /// <summary>A text of a fixed choice; anything else is refused by name.</summary>
    public string Choice(string key, string? fallback, params ReadOnlySpan<string> allowed)
    {
        string value = Text(key, fallback);
        return allowed.Contains(value) ? value : throw Unsupported(key, $"'{value}'", string.Join(" or ", allowed.ToArray()));
    }

    public IReadOnlyList<int> Ints(string key, IReadOnlyList<int>? fallback, int maxCount, int min, int max) =>
        List(key, fallback, maxCount, item => ToInt(key, item, min, max));

    public IReadOnlyList<double> Numbers(string key, IReadOnlyList<double>? fallback, int maxCount, double min, double max) =>
        List(key, fallback, maxCount, item => ToNumber(key, item, min, max));

    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string>? fallback, int maxCount) =>
        List(key, fallback, maxCount, item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(key, item, "a list of texts"));

    /// <summary>Accepts a key only at a value that leaves the numbers as this engine computes them.</summary>
    public void Only(string key, bool supported)
    {
        if (Find(key) is { } && Bool(key, supported) != supported)
        {
            throw Unsupported(key, supported ? "false" : "true", supported ? "true" : "false");
        }
    }

    /// <summary>Accepts a key only at a text that leaves the numbers as this engine computes them.</summary>
    public void Only(string key, params ReadOnlySpan<string> supported)
    {
        if (Has(key))
        {
            Choice(key, null, supported);
        }

        _read.Add(key);
    }

    /// <summary>Accepts a key only if it is absent or null.</summary>
    public void OnlyEmpty(string key)
    {
        if (Find(key) is { } value)
        {
            throw Unsupported(key, Describe(value), "none (null)");
        }
    }

    /// <summary>Marks keys as understood and without effect on what is computed.</summary>
    public void PassOver(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            _read.Add(key);
        }
    }

    /// <summary>Fails on the first key that no call has asked for.</summary>
    public void RefuseUnread()
    {
        string? unknown = _values.Keys.Where(key => !_read.Contains(key)).Order(StringComparer.Ordinal).FirstOrDefault();
        if (unknown is not null)
        {
            throw new LatentSyncException(LatentSyncError.Model,
                $"{File}: the key '{Printable(Path(unknown))}' is not supported; this engine does not know what it would change, take it out if the model was trained without it");
        }
    }

    public LatentSyncException Unsupported(string key, string value, string supported) =>
        new(LatentSyncError.Model, $"{File}: '{Printable(Path(key))}' is {Printable(value)}, which this engine does not support; supported: {supported}");

    public LatentSyncException Wrong(string key, JsonElement value, string expected) =>
        new(LatentSyncError.Model, $"{File}: '{Printable(Path(key))}' is {Describe(value)}, expected {expected}");

    public LatentSyncException Missing(string key) =>
        new(LatentSyncError.Model, $"{File}: the key '{Path(key)}' is missing; is it the configuration that the model was trained with?");

    private string Path(string key) => Name.Length == 0 ? key : $"{Name}.{key}";

    private IReadOnlyList<T> List<T>(string key, IReadOnlyList<T>? fallback, int maxCount, Func<JsonElement, T> convert)
    {
        if (Find(key) is not { } value)
        {
            return fallback ?? throw Missing(key);
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > maxCount)
        {
            throw Wrong(key, value, $"a list of at most {maxCount} values");
        }

        return Array.AsReadOnly(value.EnumerateArray().Select(convert).ToArray());
    }

    private int ToInt(string key, JsonElement value, int min, int max)
    {
        double number = AsNumber(value) ?? throw Wrong(key, value, $"a whole number from {min} to {max}");
        return number == Math.Floor(number) && number >= min && number <= max ? (int)number : throw Wrong(key, value, $"a whole number from {min} to {max}");
    }

    private double ToNumber(string key, JsonElement value, double min, double max)
    {
        string expected = string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}");
        double number = AsNumber(value) ?? throw Wrong(key, value, expected);
        return number >= min && number <= max ? number : throw Wrong(key, value, expected);
    }

    // YAML 1.1 writers leave numbers such as 1e-5 as texts (no dot in the mantissa): a text that reads as a number counts as one.
    private static double? AsNumber(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => null,
    };

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "a mapping",
        JsonValueKind.Array => $"a list of {value.GetArrayLength()} values",
        JsonValueKind.String => $"'{Printable(value.GetString()!)}'",
        JsonValueKind.Null or JsonValueKind.Undefined => "empty",
        _ => Printable(value.GetRawText()),
    };

    // Values come from files of others: one short line, whatever they hold.
    private static string Printable(string text)
    {
        string line = string.Concat(text.Take(80).Select(c => char.IsControl(c) ? '?' : c));
        return text.Length > 80 ? line + "..." : line;
    }
}
