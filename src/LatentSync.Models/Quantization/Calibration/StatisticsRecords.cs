using System.Text.Json.Serialization;

namespace LatentSync.Models.Quantization.Calibration;

/// <summary>The file of statistics, as it is written.</summary>
internal sealed record StatisticsRecord(string Format, int Version, string[] Clips, Dictionary<string, NetworkRecord> Networks);

/// <summary>One network in it.</summary>
internal sealed record NetworkRecord(string Fingerprint, int Runs, Dictionary<string, ValueRecord> Values);

/// <summary>One value: its largest magnitude, and counts of magnitudes in bins up to the next power of two, those at the end left out where they are 0.</summary>
internal sealed record ValueRecord(float Largest, long[] Counts);

/// <summary>Serialisation without reflection, with the same bytes on every system.</summary>
[JsonSourceGenerationOptions(
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = 8)]
[JsonSerializable(typeof(StatisticsRecord))]
internal sealed partial class StatisticsJsonContext : JsonSerializerContext;
