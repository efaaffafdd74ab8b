using LatentSync.Runtime;

namespace LatentSync.Pipeline;

/// <summary>A job's own folder for temporary files, removed with everything in it when the job ends, however it ends.</summary>
internal sealed class JobFolder : IDisposable
{
    private const string Prefix = "latentsync-job-";

    private JobFolder(string path)
    {
        Path = path;
    }

    public string Path { get; }

    /// <summary>Creates the folder under the given one or the system's.</summary>
    /// <exception cref="LatentSyncException">It cannot be created.</exception>
    public static JobFolder Create(string? parent)
    {
        string root = System.IO.Path.GetFullPath(parent ?? System.IO.Path.GetTempPath());
        try
        {
            Directory.CreateDirectory(root);
            return new JobFolder(Directory.CreateDirectory(System.IO.Path.Combine(root, Prefix + Guid.NewGuid().ToString("N"))).FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{root}: temporary files cannot be written there ({exception.Message.ReplaceLineEndings(" ")}); choose another folder with --temp-dir", exception);
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing to be done: the folder went away, or somebody else holds a file in it.
        }
    }
}
