namespace LatentSync.Video;

/// <summary>Temporary files that need no name: gone however this process ends, and readable by nobody else.</summary>
internal static class UnnamedFile
{
    /// <summary>Creates one; where the system does not allow files without a name, the name goes when the file is closed.</summary>
    /// <param name="folder">Where; it must exist.</param>
    /// <param name="prefix">Beginning of the name that the file has for a moment, or until it is closed.</param>
    /// <exception cref="IOException">The folder is missing or full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public static FileStream Create(string folder, string prefix)
    {
        string path = Path.Combine(folder, $"{prefix}-{Guid.NewGuid():N}.tmp");
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            options.Options = FileOptions.DeleteOnClose;
        }
        else
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        FileStream file = new(path, options);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return file;
    }
}
