using LatentSync.Models.Packs;
using LatentSync.Runtime;

namespace LatentSync.Models.Onnx;

/// <summary>
/// Hashes of files of weights, each read once for all networks that share it: a file is read again if its size or the time of its last change is another.
/// Safe for several threads.
/// </summary>
public sealed class DataHashes
{
    private readonly Dictionary<string, (long Size, DateTime Changed, string Sha256)> _known = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>A file's length and hash.</summary>
    /// <exception cref="LatentSyncException">It cannot be read.</exception>
    internal (long SizeInBytes, string Sha256) Of(string path, CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        DateTime changed = file.LastWriteTimeUtc;
        lock (_lock)
        {
            if (file.Exists && _known.TryGetValue(path, out (long Size, DateTime Changed, string Sha256) known) && (known.Size, known.Changed) == (file.Length, changed))
            {
                return (known.Size, known.Sha256);
            }
        }

        (long size, string sha256) = FileHash.Compute(path, null, cancellationToken);
        lock (_lock)
        {
            _known[path] = (size, changed, sha256);
        }

        return (size, sha256);
    }
}
