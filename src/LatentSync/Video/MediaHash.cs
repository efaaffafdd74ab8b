using System.Security.Cryptography;
using LatentSync.Runtime;

namespace LatentSync.Video;

/// <summary>Tells media files apart by their content.</summary>
internal static class MediaHash
{
    /// <summary>SHA-256 and length of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for errors.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Media"/>: it cannot be read.</exception>
    public static async Task<(string Sha256, long SizeInBytes)> ComputeAsync(string path, string what, CancellationToken cancellationToken)
    {
        string full = MediaPath.RequireReadable(path, what);
        try
        {
            await using FileStream stream = new(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 18, FileOptions.SequentialScan | FileOptions.Asynchronous);
            byte[] hash = await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
            return (Convert.ToHexStringLower(hash), stream.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"'{MediaPath.Show(path)}' cannot be read ({MediaPath.Show(exception.Message)}): check the disk and permissions, or give another {what}", exception);
        }
    }
}
