using System.Text.Json;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Models.Configuration;

/// <summary>
/// The rules of the original's YAML. Under <c>data</c> and <c>run</c> stand training settings too, which say nothing about inference and are
/// passed over, as are all other sections but <c>model</c>.
/// </summary>
internal static class LatentSyncConfigReader
{
    private const string MaskFileName = "mask.png";

    private static readonly string[] DataKeys = ["num_frames", "resolution", "video_fps", "audio_sample_rate", "audio_feat_length"];
    private static readonly string[] RunKeys = ["guidance_scale", "inference_steps", "seed"];

    public static LatentSyncConfig Read(JsonElement root, string file)
    {
        ConfigSection top = new(root, file, string.Empty);
        ConfigSection data = top.Section("data") ?? throw top.Missing("data");
        ConfigSection? run = top.Section("run");
        ConfigSection model = top.Section("model") ?? throw top.Missing("model");
        CheckMask(data);
        (int before, int after) = ReadContext(data);
        LatentSyncConfig config = new()
        {
            NumFrames = data.Int("num_frames", 16, 1, 1024),
            Resolution = data.Int("resolution", null, 8, 4096),
            VideoFps = data.Int("video_fps", 25, 1, 240),
            AudioSampleRate = data.Int("audio_sample_rate", 16000, 1, int.MaxValue),
            AudioFeatLengthBefore = before,
            AudioFeatLengthAfter = after,
            GuidanceScale = run?.Number("guidance_scale", 1.5, 0, 100) ?? 1.5,
            InferenceSteps = run?.Int("inference_steps", 20, 1, 100_000) ?? 20,
            Seed = (long)(run?.Number("seed", 1247, -1, uint.MaxValue) ?? 1247),
            Model = UNetConfigReader.Read(model),
        };
        CheckSupported(config, data);
        NameFile(file, () => UNetConfigCheck.Check(config.Model));
        return config;
    }

    /// <summary>Runs a builder's check of a configuration against itself; it knows the key, this adds the file.</summary>
    public static void NameFile(string file, Action check)
    {
        try
        {
            check();
        }
        catch (LatentSyncException exception)
        {
            throw new LatentSyncException(exception.Error, $"{file}: {exception.Message}", exception);
        }
    }

    /// <summary>The sections that a pack keeps, without training settings: reading them gives the same configuration again.</summary>
    public static JsonElement KeepForPack(JsonElement root)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            WriteKeys(writer, root, "data", DataKeys);
            WriteKeys(writer, root, "run", RunKeys);

            // Keys with an underscore are bookkeeping (names, paths, versions of tools), not architecture.
            WriteKeys(writer, root, "model", [.. root.GetProperty("model").EnumerateObject().Select(key => key.Name).Where(key => !key.StartsWith('_'))]);
            writer.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }

    private static void WriteKeys(Utf8JsonWriter writer, JsonElement root, string section, string[] keys)
    {
        if (!root.TryGetProperty(section, out JsonElement values) || values.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        writer.WriteStartObject(section);
        foreach (string key in keys)
        {
            if (values.TryGetProperty(key, out JsonElement value))
            {
                writer.WritePropertyName(key);
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    // The engine has the original's mask built in. Its repository holds others (mask2.png and so on) that a model may have been trained with.
    private static void CheckMask(ConfigSection data)
    {
        string name = data.Text("mask_image_path", MaskFileName);
        if (name.Split('/', '\\')[^1] != MaskFileName)
        {
            throw data.Unsupported("mask_image_path", $"'{name}'", $"the original's {MaskFileName}");
        }
    }

    private static (int Before, int After) ReadContext(ConfigSection data)
    {
        IReadOnlyList<int> lengths = data.Ints("audio_feat_length", [2, 2], 2, 0, 64);
        return lengths.Count == 2 ? (lengths[0], lengths[1]) : throw data.Unsupported("audio_feat_length", $"a list of {lengths.Count} values", "two numbers, before and after");
    }

    private static void CheckSupported(LatentSyncConfig config, ConfigSection data)
    {
        if (config.AudioSampleRate != 16000)
        {
            throw data.Unsupported("audio_sample_rate", $"{config.AudioSampleRate}", "16000, the only rate Whisper knows");
        }

        // The VAE divides by 8; each further level of the UNet halves the latents, and the way back up must meet the skips.
        int multiple = 8 << (config.Model.BlockOutChannels.Count - 1);
        if (config.Resolution % multiple != 0)
        {
            throw data.Unsupported("resolution", $"{config.Resolution}", $"multiples of {multiple}");
        }

        if (config.Model.UseMotionModule && config.Model.MotionModule.TemporalPositionEncoding
            && config.NumFrames > config.Model.MotionModule.TemporalPositionEncodingMaxLength)
        {
            throw data.Unsupported("num_frames", $"{config.NumFrames}",
                $"at most {config.Model.MotionModule.TemporalPositionEncodingMaxLength} (temporal_position_encoding_max_len)");
        }
    }
}
