using System.Security.Cryptography;
using System.Text;
using LatentSync.Runtime;

namespace LatentSync.Audio;

/// <summary>
/// Features on disk, keyed by what they are computed from: the decoded samples, the encoder and the version of this computation. Bounded in size: the entries
/// used longest ago go first. Jobs in several processes may share a folder: entries appear whole by a rename, are never changed, and are checked when opened.
/// </summary>
public sealed class AudioFeatureCache
{
    /// <summary>Counts up whenever the same sound and encoder give other features or another file format.</summary>
    private const int Version = 1;
    private const string EntryExtension = ".features";
    private const string UnfinishedExtension = ".unfinished";

    /// <summary>An unfinished entry this old is a killed job's.</summary>
    private static readonly TimeSpan LongestJob = TimeSpan.FromDays(2);

    /// <summary>Names the folder; nothing is written yet.</summary>
    /// <param name="folder">Where entries are kept; null for <see cref="DefaultFolder"/>.</param>
    /// <param name="limitInBytes">Most that all entries together may take; recordings whose features take more than that are not cached.</param>
    public AudioFeatureCache(string? folder = null, long limitInBytes = 4L << 30)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limitInBytes);
        Folder = folder ?? DefaultFolder;
        LimitInBytes = limitInBytes;
    }

    /// <summary>The user's cache folder: <c>$XDG_CACHE_HOME/latentsync/audio</c>, else <c>~/.cache/latentsync/audio</c>; on Windows below the local application data.</summary>
    public static string DefaultFolder => UserCacheFolder.For("audio");

    /// <summary>Where entries are kept.</summary>
    public string Folder { get; }

    /// <summary>Most that all entries together may take, in bytes.</summary>
    public long LimitInBytes { get; }

    internal static byte[] Key(ReadOnlySpan<byte> samplesHash, string modelHash)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(samplesHash);
        hash.AppendData(Encoding.UTF8.GetBytes($"{modelHash}\n{Version}"));
        return hash.GetHashAndReset();
    }

    internal AudioFeatures? TryOpen(ReadOnlySpan<byte> key, AudioFeatLength reach, CancellationToken cancellationToken)
    {
        string path = EntryPath(key);
        AudioFeatures? features = AudioFeatures.TryOpen(path, key, reach, cancellationToken);
        if (features is not null)
        {
            Touch(path);
        }

        return features;
    }

    /// <summary>Whether features of this size may be kept at all.</summary>
    internal bool Accepts(FeatureFileHeader header) => header.FileLength <= LimitInBytes;

    /// <summary>A path in the cache's folder for an entry in the making.</summary>
    internal string NewUnfinishedPath()
    {
        Directory.CreateDirectory(Folder);
        return Path.Combine(Folder, $"{Guid.NewGuid():N}{UnfinishedExtension}");
    }

    /// <summary>Gives a finished file its name as an entry and lets the oldest others go; false if it could not be renamed.</summary>
    internal bool TryAdopt(string unfinished, ReadOnlySpan<byte> key)
    {
        try
        {
            File.Move(unfinished, EntryPath(key), overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        Trim(EntryPath(key));
        return true;
    }

    private static void Touch(string path)
    {
        try
        {
            // Access times are often not kept by file systems; the write time is ours to use, since entries never change.
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A cache that can only be read still serves.
        }
    }

    private string EntryPath(ReadOnlySpan<byte> key) => Path.Combine(Folder, Convert.ToHexStringLower(key) + EntryExtension);

    private void Trim(string newest)
    {
        try
        {
            DirectoryInfo folder = new(Folder);
            DateTime abandoned = DateTime.UtcNow - LongestJob;
            foreach (FileInfo file in folder.EnumerateFiles("*" + UnfinishedExtension).Where(f => f.LastWriteTimeUtc < abandoned))
            {
                TemporaryFile.TryDelete(file.FullName);
            }

            long total = 0;
            IEnumerable<FileInfo> entries = folder.EnumerateFiles("*" + EntryExtension)
                .OrderByDescending(f => f.FullName == Path.GetFullPath(newest))
                .ThenByDescending(f => f.LastWriteTimeUtc);
            foreach (FileInfo file in entries)
            {
                total += file.Length;
                if (total > LimitInBytes)
                {
                    TemporaryFile.TryDelete(file.FullName);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another job trims the same folder: what is gone needs no deleting.
        }
    }
}
