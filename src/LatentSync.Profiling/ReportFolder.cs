using LatentSync.Runtime;

namespace LatentSync.Profiling;

/// <summary>A report's folder, with one inside it for what is gone when the report is done.</summary>
internal sealed class ReportFolder : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;

    private ReportFolder(string path, string temporary)
    {
        (_path, _temporary) = (path, temporary);
    }

    /// <exception cref="LatentSyncException">The folder cannot be made or written.</exception>
    public static ReportFolder Create(string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            Directory.CreateDirectory(full);
            string temporary = Path.Combine(full, $".{Guid.NewGuid():N}");
            Directory.CreateDirectory(temporary);
            return new ReportFolder(full, temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{path}: is no folder that a report can be written to ({exception.Message}); choose another with --report", exception);
        }
    }

    /// <summary>A file of the report.</summary>
    public string File(string name) => Path.Combine(_path, name);

    /// <summary>A path for something that does not stay.</summary>
    public string Temporary(string name) => Path.Combine(_temporary, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(_temporary, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed does not make the report wrong.
        }
    }
}
