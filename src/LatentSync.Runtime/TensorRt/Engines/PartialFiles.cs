namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>Files that grow beside their place until they are renamed: <c>.NAME.GUID.partial</c>.</summary>
internal static class PartialFiles
{
    private const string Ending = ".partial";

    /// <summary>A new path for what is to become a file of the folder.</summary>
    internal static string NewPath(string folder, string name) => Path.Combine(folder, $".{name}.{Guid.NewGuid():N}{Ending}");

    /// <summary>Files and folders that were left of what was to become this file. Only who holds the file's lock may call them leftovers.</summary>
    internal static IEnumerable<string> Of(string folder, string name) => Directory.EnumerateFileSystemEntries(folder, $".{name}.*{Ending}");

    /// <summary>The name of what a partial file was to become; null if it is none.</summary>
    internal static string? TargetOf(string partialPath)
    {
        string name = Path.GetFileName(partialPath);
        int guid = name.Length - Ending.Length - 33;
        return name.StartsWith('.') && name.EndsWith(Ending, StringComparison.Ordinal) && guid > 1 && name[guid] == '.' ? name[1..guid] : null;
    }

    /// <summary>Deletes a file or folder; one that cannot be deleted is left to the next clean-up.</summary>
    internal static bool TryDelete(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
