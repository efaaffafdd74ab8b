using LatentSync.Runtime;

namespace LatentSync.Audio;

/// <summary>A feature file in the making: in the cache's folder if there is one that takes it, else in the job's. All its space is taken at once, so that a full disk is told before the work.</summary>
internal sealed class FeatureFile : IDisposable
{
    private readonly FeatureFileWriter _writer;
    private readonly AudioFeatureCache? _cache;
    private readonly byte[] _key;

    private FeatureFile(string path, FeatureFileHeader header, byte[] key, AudioFeatureCache? cache)
    {
        (Path, Header, _key, _cache) = (path, header, key, cache);
        try
        {
            _writer = new FeatureFileWriter(path, header, key);
        }
        catch
        {
            TemporaryFile.TryDelete(path);
            throw;
        }
    }

    public string Path { get; }

    public FeatureFileHeader Header { get; }

    /// <exception cref="LatentSyncException">Neither folder can hold it.</exception>
    public static FeatureFile Create(FeatureFileHeader header, byte[] key, AudioFeatureCache? cache, string temporaryFolder)
    {
        if (cache?.Accepts(header) == true)
        {
            try
            {
                return new FeatureFile(cache.NewUnfinishedPath(), header, key, cache);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A cache that is full or cannot be written must not stop the job: the features go to the job's own folder.
            }
        }

        try
        {
            return new FeatureFile(TemporaryFile.NewPath(temporaryFolder, ".features"), header, key, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotHold(temporaryFolder, header, exception);
        }
    }

    /// <summary>Appends whole rows.</summary>
    /// <exception cref="LatentSyncException">The disk refuses them.</exception>
    public void Append(ReadOnlySpan<float> rows)
    {
        try
        {
            _writer.Append(rows);
        }
        catch (IOException exception)
        {
            throw CannotHold(System.IO.Path.GetDirectoryName(Path)!, Header, exception);
        }
    }

    /// <summary>Makes the file valid; true if it is the cache's from now on.</summary>
    public bool Complete()
    {
        try
        {
            _writer.Complete();
        }
        catch (IOException exception)
        {
            throw CannotHold(System.IO.Path.GetDirectoryName(Path)!, Header, exception);
        }

        _writer.Dispose();
        return _cache?.TryAdopt(Path, _key) == true;
    }

    /// <summary>Closes the file; whoever reads it removes it.</summary>
    public void Dispose() => _writer.Dispose();

    private static LatentSyncException CannotHold(string folder, FeatureFileHeader header, Exception exception) => new(
        LatentSyncError.Output,
        $"{folder}: cannot hold the audio features, {header.FileLength >> 20} MiB ({exception.Message}); free space or choose another folder with --temp-dir",
        exception);
}
