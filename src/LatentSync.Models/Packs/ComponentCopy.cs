using System.Buffers;
using System.Security.Cryptography;
using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>Takes a network over from one pack into another, as it is.</summary>
internal static class ComponentCopy
{
    private const int WindowInBytes = 1 << 20;

    /// <summary>Copies its files into the staging folder; what was damaged since the import is found on the way.</summary>
    /// <param name="component">The network's entry in the manifest.</param>
    /// <param name="pack">The pack's folder.</param>
    /// <param name="staging">The new pack's.</param>
    /// <param name="progress">Told of bytes.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    /// <exception cref="LatentSyncException">A file is not what the manifest promises.</exception>
    public static PackComponent Write(PackComponent component, string pack, string staging, ByteProgress progress, CancellationToken cancellationToken)
    {
        foreach (PackFile file in component.Files)
        {
            string relative = file.Path.Replace('/', Path.DirectorySeparatorChar), path = Path.Combine(staging, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (Copy(Path.Combine(pack, relative), path, progress, cancellationToken) != file.Sha256)
            {
                throw new LatentSyncException(LatentSyncError.Model, $"{pack}: {file.Path} is not what the manifest promises; check the pack with 'latentsync models verify' and import it again");
            }
        }

        return component;
    }

    private static string Copy(string source, string target, ByteProgress progress, CancellationToken cancellationToken)
    {
        byte[] window = ArrayPool<byte>.Shared.Rent(WindowInBytes);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using FileStream from = new(source, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using FileStream to = new(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            int read;
            while ((read = from.Read(window)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(window, 0, read);
                to.Write(window, 0, read);
                progress.Add(read);
            }

            return FileHash.ToText(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }
}
