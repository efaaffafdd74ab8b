using LatentSync.Models.Packs;
using LatentSync.Models.Rewrites;

namespace LatentSync.Pipeline;

/// <summary>What the engines of the UNet's networks are called in listings and messages.</summary>
internal static class UNetEngineNames
{
    public static string Of(UNetPart part) => part switch
    {
        UNetPart.Step => PackComponentName.UNet + "-step",
        UNetPart.ShallowStep => PackComponentName.UNet + "-shallow",
        UNetPart.Chunk => PackComponentName.UNet + "-chunk",
        UNetPart.Schedule => PackComponentName.UNet + "-schedule",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };
}
