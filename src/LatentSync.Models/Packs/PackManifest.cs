using System.Text.Json;
using LatentSync.Models.Graphs;

namespace LatentSync.Models.Packs;

/// <summary>
/// The content of a pack's <c>manifest.json</c>: what the pack holds and what it was made from. Nothing in it depends on when, where or by
/// whom it was imported, so equal sources give equal bytes.
/// </summary>
public sealed record PackManifest
{
    /// <summary>The version of the format that this engine writes and reads.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>Always <c>latentsync-pack</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Version of the pack format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>Version of the engine that imported it.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>The sections <c>data</c>, <c>run</c> and <c>model</c> of the YAML configuration, as JSON; training sections are left out.</summary>
    public required JsonElement Config { get; init; }

    /// <summary>The scheduler's values under diffusers' names.</summary>
    public required JsonElement Scheduler { get; init; }

    /// <summary>What was taken for granted because no scheduler file was found, <c>epsilon, DDIM</c>; null if there was one.</summary>
    public string? Assumed { get; init; }

    /// <summary>The VAE's architecture and the constants that scale its latents.</summary>
    public required VaeConfig Vae { get; init; }

    /// <summary>The Whisper encoder's dimensions.</summary>
    public required WhisperConfig Whisper { get; init; }

    /// <summary>
    /// The networks, in the order of <see cref="PackComponentName.All"/>. Every input of the UNet is marked with how often it changes; where a file has no
    /// marks, for it was written before there were any, those of that time's UNet are taken.
    /// </summary>
    public required IReadOnlyList<PackComponent> Components { get; init; }

    /// <summary>The files the pack was made from.</summary>
    public required IReadOnlyList<PackSource> Sources { get; init; }

    /// <summary>How its networks were quantized; null for a pack as it was imported.</summary>
    public PackQuantization? Quantization { get; init; }
}
