namespace LatentSync.Models.Rewrites;

/// <summary>What a value of the UNet depends on, and so how often it has to be computed.</summary>
internal enum TensorRate
{
    /// <summary>On constants and shapes only.</summary>
    Constant,

    /// <summary>On the timestep: once a job for every step of the schedule.</summary>
    Schedule,

    /// <summary>On the conditioning or the speech: once a chunk.</summary>
    Chunk,

    /// <summary>On the noisy latents, or on several of the above: every step.</summary>
    Step,
}
