using LatentSync.Runtime.Exceptions;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>
/// TensorRT's timing cache on disk, shared by builds in several processes. It is read without a lock, since it is replaced by a rename; who adds to it holds
/// a lock, and merges with what others have added meanwhile.
/// </summary>
/// <param name="path">The file, in TensorRT's own format, as trtexec reads and writes it.</param>
public sealed class TimingCacheFile(string path)
{
    private const string Ending = ".timing";
    private const string LockEnding = ".lock";

    // TensorRT's take a few megabytes.
    private const long MaxSizeInBytes = 1L << 30;

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The file of a target in a cache's folder.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="target">What the measurements hold for.</param>
    public static TimingCacheFile In(EngineCache cache, EngineTarget target)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(target);
        string gpu = string.Concat(target.Gpu.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));
        return new TimingCacheFile(System.IO.Path.Combine(cache.Folder, $"{gpu}-sm{target.ComputeCapability.Major}{target.ComputeCapability.Minor}-trt{target.TensorRt}{Ending}"));
    }

    /// <summary>What was measured so far; empty if nothing was.</summary>
    /// <exception cref="LatentSyncException">The file cannot be read, or is no timing cache by its size.</exception>
    public byte[] Read()
    {
        try
        {
            using FileStream stream = new(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            if (stream.Length > MaxSizeInBytes)
            {
                throw new LatentSyncException(LatentSyncError.Model, $"{Path}: {stream.Length >> 20} MiB is too large for a timing cache; name another file with --timing-cache");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{Path}: cannot be read ({exception.Message}); name another file with --timing-cache", exception);
        }
    }

    /// <summary>Adds what a build measured.</summary>
    /// <param name="measured">A timing cache.</param>
    /// <param name="merge">Joins two timing caches; the second's entries win. One that it refuses is dropped.</param>
    /// <param name="cancellationToken">Ends the waiting for others that add.</param>
    /// <exception cref="LatentSyncException">The file cannot be written.</exception>
    public async Task AddAsync(byte[] measured, Func<byte[], byte[], byte[]> merge, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(merge);
        if (measured.Length == 0)
        {
            return;
        }

        using EngineLock held = await EngineLock.TakeAsync(Path + LockEnding, null, cancellationToken).ConfigureAwait(false);
        string folder = System.IO.Path.GetDirectoryName(Path)!, name = System.IO.Path.GetFileName(Path);
        foreach (string leftover in PartialFiles.Of(folder, name))
        {
            PartialFiles.TryDelete(leftover);
        }

        Write(PartialFiles.NewPath(folder, name), Merged(Read(), measured, merge));
    }

    internal static bool IsOne(string name) => name.EndsWith(Ending, StringComparison.Ordinal);

    internal static bool IsLock(string name) => name.EndsWith(Ending + LockEnding, StringComparison.Ordinal);

    internal static EngineLock? TryLock(string path) => EngineLock.TryTake(path + LockEnding);

    private static byte[] Merged(byte[] old, byte[] measured, Func<byte[], byte[], byte[]> merge)
    {
        try
        {
            return old.Length == 0 ? measured : merge(old, measured);
        }
        catch (PlanRefusedException)
        {
            return measured;
        }
    }

    private void Write(string partial, byte[] bytes)
    {
        try
        {
            using (FileStream stream = new(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, Path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            PartialFiles.TryDelete(partial);
            throw new LatentSyncException(LatentSyncError.Output, $"{Path}: cannot be written ({exception.Message}); free space or name another file with --timing-cache", exception);
        }
    }
}
