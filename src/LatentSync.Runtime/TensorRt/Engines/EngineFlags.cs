namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>What an engine can do beyond running; the values are <c>LSRT_BUILD_</c> of <c>latentsync_rt.h</c>.</summary>
[Flags]
public enum EngineFlags
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>It can be given another checkpoint's weights.</summary>
    Refittable = 1,

    /// <summary>Its weights need not all be on the device at once. Such engines cannot be captured into graphs.</summary>
    WeightStreaming = 2,

    /// <summary>Its float32 products may be computed in TF32, with 10-bit mantissas.</summary>
    Tf32 = 4,
}
