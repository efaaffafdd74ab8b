namespace LatentSync.Pipeline.Prepared;

/// <summary>
/// Faces of source frames that were cut and encoded before. A source frame has one transform in a job, found when it is first shown, so what was made of it then
/// is, bit for bit, what would be made of it again. Faces are asked for and kept by one thread, latents by one, which may be another.
/// </summary>
internal interface IPreparedFaces : IDisposable
{
    /// <summary>Copies the aligned face, <c>[R,R,3]</c>; false if it is not here.</summary>
    bool TryReadFace(int source, Span<byte> face);

    /// <summary>Copies the latents of the masked, then of the whole face, <c>[2,C,R/8,R/8]</c>; false if they are not here.</summary>
    bool TryReadLatents(int source, Span<float> latents);

    /// <summary>Keeps a face for later, or does not.</summary>
    void KeepFace(int source, ReadOnlySpan<byte> face);

    /// <summary>Keeps latents for later, or does not.</summary>
    void KeepLatents(int source, ReadOnlySpan<float> latents);
}
