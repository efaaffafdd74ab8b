using LatentSync.Runtime;

namespace LatentSync.Profiling;

/// <summary>Writes the files of a report: each is whole, or not there under its name.</summary>
internal static class ReportFile
{
    /// <exception cref="LatentSyncException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string partial = path + ".partial";
        try
        {
            using (FileStream file = new(partial, FileMode.Create, FileAccess.Write))
            {
                write(file);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (Exception exception)
        {
            File.Delete(partial);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new LatentSyncException(LatentSyncError.Output, $"{path}: cannot be written ({exception.Message}); choose another folder with --report", exception);
            }

            throw;
        }
    }
}
