namespace LatentSync.Pipeline.Prepared;

/// <summary>Of a job that shows no frame twice: nothing is kept.</summary>
internal sealed class NoPreparedFaces : IPreparedFaces
{
    public bool TryReadFace(int source, Span<byte> face) => false;

    public bool TryReadLatents(int source, Span<float> latents) => false;

    public void KeepFace(int source, ReadOnlySpan<byte> face)
    {
    }

    public void KeepLatents(int source, ReadOnlySpan<float> latents)
    {
    }

    public void Dispose()
    {
    }
}
