using System.Globalization;
using System.Text;
using System.Text.Json;
using LatentSync.Runtime;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LatentSync.Models.Configuration;

/// <summary>
/// Turns one YAML document into JSON, event by event: nothing is ever constructed from a tag, and there is no anchor to expand, so a
/// hostile file costs no more than its own size. Plain scalars follow YAML 1.1 as the original's reader does.
/// </summary>
internal static class YamlFile
{
    private const int MaxLength = 256 << 10;
    private const int MaxDepth = 12;

    public static JsonDocument Load(string path) => Parse(ConfigFile.ReadText(path, "a LatentSync configuration (YAML)"), path);

    /// <summary>Reads a document.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">What errors call it.</param>
    /// <param name="expected">What errors ask for.</param>
    public static JsonDocument Parse(string yaml, string file, string expected = "a LatentSync configuration such as stage2.yaml")
    {
        Origin origin = new(file, expected);
        if (yaml.Length > MaxLength)
        {
            throw Refused(origin, $"larger than {MaxLength >> 10} KiB, and such files take a few");
        }

        using MemoryStream buffer = new();
        try
        {
            using Utf8JsonWriter writer = new(buffer);
            Parser parser = new(new Scanner(new StringReader(yaml), skipComments: true));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                throw Refused(origin, "it is empty");
            }

            parser.Consume<DocumentStart>();
            WriteNode(parser, writer, origin, string.Empty, 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
            {
                throw Refused(origin, "it holds more than one document");
            }
        }
        catch (YamlException exception)
        {
            string reason = ConfigFile.FirstSentence((exception.InnerException ?? exception).Message);
            throw new LatentSyncException(LatentSyncError.Model, $"{file}: line {exception.Start.Line}: not valid YAML ({reason}); correct it or fetch it again", exception);
        }

        return JsonDocument.Parse(buffer.ToArray());
    }

    private static void WriteNode(Parser parser, Utf8JsonWriter writer, Origin origin, string name, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Refused(origin, $"'{name}' is nested deeper than {MaxDepth} levels");
        }

        if (parser.Accept<AnchorAlias>(out AnchorAlias? alias))
        {
            throw Refused(origin, $"line {alias.Start.Line}: it uses the alias '*{alias.Value}'; write the value out");
        }

        if (parser.Accept<NodeEvent>(out NodeEvent? node) && !node.Tag.IsEmpty)
        {
            throw Refused(origin, $"line {node.Start.Line}: it uses the tag '{node.Tag}'; take it out");
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            writer.WriteStartArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                WriteNode(parser, writer, origin, name, depth + 1);
            }

            writer.WriteEndArray();
        }
        else if (parser.TryConsume<MappingStart>(out _))
        {
            WriteMapping(parser, writer, origin, name, depth);
        }
        else
        {
            WriteScalar(parser.Consume<Scalar>(), writer);
        }
    }

    private static void WriteMapping(Parser parser, Utf8JsonWriter writer, Origin origin, string name, int depth)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        writer.WriteStartObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out Scalar? key))
            {
                throw Refused(origin, $"line {parser.Current?.Start.Line}: a key that is not a plain text");
            }

            if (!keys.Add(key.Value))
            {
                throw Refused(origin, $"line {key.Start.Line}: the key '{key.Value}' appears twice");
            }

            writer.WritePropertyName(key.Value);
            WriteNode(parser, writer, origin, name.Length == 0 ? key.Value : $"{name}.{key.Value}", depth + 1);
        }

        writer.WriteEndObject();
    }

    private static void WriteScalar(Scalar scalar, Utf8JsonWriter writer)
    {
        string text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
        {
            writer.WriteStringValue(text);
        }
        else if (text is "" or "~" or "null" or "Null" or "NULL")
        {
            writer.WriteNullValue();
        }
        else if (text.ToLowerInvariant() is "true" or "yes" or "on")
        {
            writer.WriteBooleanValue(true);
        }
        else if (text.ToLowerInvariant() is "false" or "no" or "off")
        {
            writer.WriteBooleanValue(false);
        }
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            writer.WriteNumberValue(whole);
        }
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private static LatentSyncException Refused(Origin origin, string reason) =>
        new(LatentSyncError.Model, $"{origin.File}: {new StringBuilder(reason).Replace('\n', ' ').Replace('\r', ' ')}; give {origin.Expected}");

    // What errors call the file, and what they ask for instead.
    private readonly record struct Origin(string File, string Expected);
}
