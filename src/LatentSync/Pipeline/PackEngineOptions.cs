using LatentSync.Models.Packs;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Pipeline;

/// <summary>Which engines of a pack are wanted.</summary>
public sealed record PackEngineOptions
{
    /// <summary>The networks, by their names in the pack.</summary>
    public IReadOnlyList<string> Networks { get; init; } = All;

    /// <summary>The networks that engines are made of; the others are small and run on ONNX Runtime.</summary>
    public static IReadOnlyList<string> All { get; } = [PackComponentName.UNet, PackComponentName.VaeEncoder, PackComponentName.VaeDecoder];

    /// <summary>The UNet's form, see <see cref="UNetEngineForm"/>; by default as the pack holds it.</summary>
    public UNetProgramOptions UNet { get; init; } = UNetEngineForm.Of(UNetRewrites.None, guided: true, cacheBranch: null);

    /// <summary>The engines' arithmetic.</summary>
    public EnginePrecision Precision { get; init; } = EnginePrecision.Fp16;

    /// <summary>Chunks of frames that the UNet takes at once.</summary>
    public ExtentRange Chunks { get; init; } = ExtentRange.Exactly(1);

    /// <summary>Side of the face crop in pixels; null for the pack's.</summary>
    public int? Resolution { get; init; }

    /// <summary>What the engines shall be able to do.</summary>
    public EngineFlags Flags { get; init; }

    /// <summary>How hard to look for fast kernels.</summary>
    public EngineTuning Tuning { get; init; } = new();

    /// <summary>The timing cache's file; null for the one beside the engines.</summary>
    public string? TimingCachePath { get; init; }

    /// <summary>Make them by putting the pack's weights into refittable engines of the same graphs.</summary>
    public bool Refit { get; init; }

    /// <summary>Build them even if they are there.</summary>
    public bool Rebuild { get; init; }
}
