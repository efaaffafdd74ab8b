namespace LatentSync.Pipeline;

/// <summary>How much of the work a job leaves out, see <see cref="LipSyncPresets"/>.</summary>
public enum LipSyncPreset
{
    /// <summary>The original's own settings: 20 DDIM steps, every step whole.</summary>
    Exact,

    /// <summary>Half the work and less, at a difference that cannot be seen.</summary>
    Balanced,

    /// <summary>The least work whose mouth still follows the speech as well.</summary>
    Fast,
}
