using LatentSync.Runtime;

namespace LatentSync.Audio;

/// <summary>Files that exist for one job only.</summary>
internal static class TemporaryFile
{
    /// <summary>A name that no other job uses, in a folder that exists afterwards.</summary>
    /// <exception cref="LatentSyncException">The folder cannot be made.</exception>
    public static string NewPath(string folder, string extension)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{folder}: cannot be used for temporary files ({exception.Message}); choose another with --temp-dir", exception);
        }

        return Path.Combine(folder, $"{Guid.NewGuid():N}{extension}");
    }

    /// <summary>Removes a file if it is there and can be removed.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder goes with the job; a file that another program holds open is not worth failing for.
        }
    }
}
