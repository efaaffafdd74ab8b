using LatentSync.Runtime;

namespace LatentSync.Pipeline.Avatars;

/// <summary>Finds out whether the avatar to be made is there already.</summary>
internal static class AvatarReuse
{
    /// <summary>Whether a file begins as an avatar does; one that does may turn out to be the wanted one.</summary>
    public static async Task<bool> IsAvatarAsync(string path)
    {
        try
        {
            byte[] start = new byte[AvatarPrologue.Size];
            await using FileStream stream = File.OpenRead(path);
            int read = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false).ConfigureAwait(false);
            return AvatarPrologue.Parse(start.AsSpan(0, read), stream.Length).Refusal is null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>The avatar of that identity at a path, whole; null if what is there is another, damaged, or nothing.</summary>
    public static AvatarFile? Find(string path, AvatarIdentity identity, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            AvatarFile file = AvatarFile.Open(path, cancellationToken);
            if (file.Info.Identity == identity)
            {
                return file;
            }

            file.Dispose();
        }
        catch (LatentSyncException)
        {
            // Whether it may be replaced is the writer's to say.
        }

        return null;
    }
}
