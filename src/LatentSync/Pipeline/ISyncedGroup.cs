namespace LatentSync.Pipeline;

/// <summary>A group of frames on its way to the encoder. Disposing it gives back what its new faces took, not its frames.</summary>
internal interface ISyncedGroup : IDisposable
{
    /// <summary>The frames in output order.</summary>
    IReadOnlyList<JobFrame> Frames { get; }

    /// <summary>Brings a frame's new face into its pixels, waiting for it where it is still being made.</summary>
    /// <param name="index">Index in the group; to be asked for in order, once each, and only for frames that are emitted.</param>
    void PutBack(int index);
}
