using LatentSync.Pipeline.Prepared;

namespace LatentSync.Pipeline.Avatars;

/// <summary>The faces of an avatar: all are there, and none is kept anew.</summary>
internal sealed class AvatarFaces(AvatarFile file) : IPreparedFaces
{
    public bool TryReadFace(int source, Span<byte> face)
    {
        file.Copy(source, 0, face);
        return true;
    }

    public bool TryReadLatents(int source, Span<float> latents)
    {
        file.Copy(source, file.Layout.FaceSize, latents);
        return true;
    }

    public void KeepFace(int source, ReadOnlySpan<byte> face)
    {
    }

    public void KeepLatents(int source, ReadOnlySpan<float> latents)
    {
    }

    /// <summary>Nothing: the avatar is its opener's.</summary>
    public void Dispose()
    {
    }
}
