namespace LatentSync.Pipeline;

/// <summary>A frame without a usable face, which is passed on as it was decoded.</summary>
/// <param name="Frames">The one frame.</param>
internal sealed record UntouchedGroup(IReadOnlyList<JobFrame> Frames) : ISyncedGroup
{
    public void PutBack(int index)
    {
    }

    public void Dispose()
    {
    }
}
