using System.Buffers;
using System.Security.Cryptography;
using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>SHA-256 of files, read in windows.</summary>
internal static class FileHash
{
    private const int WindowInBytes = 1 << 20;

    public static string ToText(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash);

    /// <summary>Copies a file that is not there yet, hashing on the way.</summary>
    /// <param name="source">The file.</param>
    /// <param name="target">Where to; its folder is made.</param>
    /// <param name="progress">Told of bytes.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    /// <returns>The length and hash of what was copied.</returns>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static (long SizeInBytes, string Sha256) Copy(string source, string target, ByteProgress progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        byte[] window = ArrayPool<byte>.Shared.Rent(WindowInBytes);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using FileStream from = new(source, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using FileStream to = new(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            long size = 0;
            int read;
            while ((read = from.Read(window)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(window, 0, read);
                to.Write(window, 0, read);
                size += read;
                progress.Add(read);
            }

            return (size, ToText(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

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
