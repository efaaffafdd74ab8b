using System.Text.Json.Serialization;

namespace LatentSync.Kernels.Manifest;

/// <summary>Serialisation of the manifest without reflection, with the same bytes on every system.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 8)]
[JsonSerializable(typeof(KernelManifest))]
internal sealed partial class ManifestJsonContext : JsonSerializerContext;
