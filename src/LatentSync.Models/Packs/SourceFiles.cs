using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>The files a pack is made from, hashed on another thread while graphs are written, and watched for changes meanwhile.</summary>
internal sealed class SourceFiles
{
    private readonly List<Entry> _entries = [];

    public long SizeInBytes => _entries.Sum(entry => entry.SizeInBytes);

    public void Add(string role, string path)
    {
        FileInfo info = new(path);
        _entries.Add(new Entry(role, path, info.Length, info.LastWriteTimeUtc));
    }

    /// <summary>Hashes every file, the largest first: that one is being read for the graphs at the same time, and so is read from disk once.</summary>
    public IReadOnlyDictionary<string, string> Hash(ByteProgress progress, CancellationToken cancellationToken)
    {
        Dictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (string path in _entries.OrderByDescending(entry => entry.SizeInBytes).ThenBy(entry => entry.Path, StringComparer.Ordinal).Select(entry => entry.Path))
        {
            // One file may serve two roles.
            if (!hashes.ContainsKey(path))
            {
                hashes[path] = FileHash.Compute(path, progress.Add, cancellationToken).Sha256;
            }
        }

        return hashes;
    }

    /// <summary>The manifest's entries, in the order of adding, after a check that no file changed under the import.</summary>
    public IReadOnlyList<PackSource> Describe(IReadOnlyDictionary<string, string> hashes)
    {
        foreach (Entry entry in _entries)
        {
            FileInfo info = new(entry.Path);
            if (!info.Exists || info.Length != entry.SizeInBytes || info.LastWriteTimeUtc != entry.Written)
            {
                throw new LatentSyncException(LatentSyncError.Model, $"{entry.Path}: the file changed while it was being imported; import again once it is complete");
            }
        }

        return [.. _entries.Select(entry => new PackSource(entry.Role, Path.GetFileName(entry.Path), entry.SizeInBytes, hashes[entry.Path]))];
    }

    private sealed record Entry(string Role, string Path, long SizeInBytes, DateTime Written);
}
