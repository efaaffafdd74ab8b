using System.Text.Json.Serialization;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>The header's JSON: snake case, indented for who looks into a file, nothing unknown and nothing missing when read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(EngineHeader))]
internal sealed partial class EngineJsonContext : JsonSerializerContext;
