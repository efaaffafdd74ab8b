namespace LatentSync.Models.Graphs;

/// <summary>A value inside the UNet: frame-major pictures [F*B, C, H, W].</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Channels">C.</param>
/// <param name="Level">How often it has been halved; names the run-time H and W.</param>
internal readonly record struct FeatureMap(string Value, int Channels, int Level);
