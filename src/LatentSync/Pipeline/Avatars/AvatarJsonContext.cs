using System.Text.Json.Serialization;

namespace LatentSync.Pipeline.Avatars;

/// <summary>An avatar's description: snake case, indented for who looks into a file, nothing missing when read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(AvatarInfo))]
[JsonSerializable(typeof(AvatarIdentity))]
internal sealed partial class AvatarJsonContext : JsonSerializerContext;
