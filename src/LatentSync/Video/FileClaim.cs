using Microsoft.Win32.SafeHandles;

namespace LatentSync.Video;

/// <summary>
/// A file that stands for a living job: the system holds a lock on it until the job ends, however it ends. A file of a killed job is one whose
/// lock can be had. Programs that do not ask for the lock, as ffmpeg, write such a file as any other.
/// </summary>
internal sealed class FileClaim : IDisposable
{
    private readonly FileStream _file;

    private FileClaim(FileStream file) => _file = file;

    public string Path => _file.Name;

    /// <summary>For writing the file without giving up the lock; valid until this is disposed.</summary>
    public SafeFileHandle Handle => _file.SafeFileHandle;

    /// <summary>Creates a file and claims it.</summary>
    /// <param name="newPath">Gives a new name each time: a sweep of another job may take a file in the moment before it is locked.</param>
    /// <exception cref="IOException">The folder is missing, or the file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public static FileClaim Create(Func<string> newPath)
    {
        while (true)
        {
            FileStream? file = Open(newPath(), FileMode.CreateNew);
            if (file is not null && File.Exists(file.Name))
            {
                return new FileClaim(file);
            }

            file?.Dispose();
        }
    }

    /// <summary>Puts the file's bytes on the disk, whoever wrote them.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    /// <summary>
    /// Whether locks work where this file is; on some network drives they do not, and then nobody can say which files are stale.
    /// </summary>
    public bool IsEnforced
    {
        get
        {
            using FileStream? second = Open(Path, FileMode.Open);
            return second is null;
        }
    }

    /// <summary>Takes over the file of a job that has ended without removing it; null if that job lives, or the file is gone or not ours.</summary>
    public static FileClaim? TakeStale(string path)
    {
        try
        {
            return Open(path, FileMode.Open) is { } file ? new FileClaim(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes the file. Nothing is told if that fails: the folder became unwritable, and the error under way is the one to show.</summary>
    public void Remove()
    {
        try
        {
            // Under the lock where open files can be removed, so that none of a new job is taken for it.
            if (OperatingSystem.IsWindows())
            {
                _file.Dispose();
            }

            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }

        _file.Dispose();
    }

    public void Dispose() => _file.Dispose();

    // Null if another holds the lock. On Windows the lock is the sharing mode itself, which must let ffmpeg write and the file be renamed:
    // asking for more than the owner shares is refused there.
    private static FileStream? Open(string path, FileMode mode)
    {
        FileShare share = OperatingSystem.IsWindows() && mode == FileMode.CreateNew ? FileShare.ReadWrite | FileShare.Delete : FileShare.None;
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, share, bufferSize: 0);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException) && IsHeldByAnother(e, path))
        {
            return null;
        }
    }

    // EWOULDBLOCK (11 on Linux, 35 on macOS) or Windows' ERROR_SHARING_VIOLATION: .NET has no type of its own for them.
    private static bool IsHeldByAnother(IOException exception, string path) =>
        File.Exists(path) && (exception.HResult & 0xFFFF) is 11 or 35 or 32;
}
