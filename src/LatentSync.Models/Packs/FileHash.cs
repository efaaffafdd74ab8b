using System.Buffers;
using System.Security.Cryptography;
using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>SHA-256 of files, read in windows.</summary>
internal static class FileHash
{
    private const int WindowInBytes = 1 << 20;

    public static string ToText(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash);

    /// <summary>Hashes a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="onRead">Called with the bytes of each window read.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    /// <returns>The file's length and hash, taken in the same pass.</returns>
    public static (long SizeInBytes, string Sha256) Compute(string path, Action<long>? onRead, CancellationToken cancellationToken)
    {
        byte[] window = ArrayPool<byte>.Shared.Rent(WindowInBytes);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            long size = 0;
            int read;
            while ((read = stream.Read(window)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(window, 0, read);
                size += read;
                onRead?.Invoke(read);
            }

            return (size, ToText(hash.GetHashAndReset()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: cannot be read ({exception.Message}); check the file and its permissions", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }
}
