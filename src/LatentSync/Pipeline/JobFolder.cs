using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Pipeline;

/// <summary>
/// A job's own folder for temporary files, removed with everything in it when the job ends. A job that is killed cannot: the next one that
/// uses the same place removes what it left.
/// </summary>
internal sealed class JobFolder : IDisposable
{
    private const string Prefix = "latentsync-job-";
    private const string LockName = "lock";

    private readonly FileClaim _claim;
    private readonly IReadOnlyList<string> _madeParents;

    private JobFolder(string path, FileClaim claim, IReadOnlyList<string> madeParents)
    {
        (Path, _claim, _madeParents) = (path, claim, madeParents);
    }

    public string Path { get; }

    /// <summary>Creates the folder under the given one, which is made if it is missing, or the system's.</summary>
    /// <exception cref="LatentSyncException">It cannot be created.</exception>
    public static JobFolder Create(string? parent)
    {
        string root = System.IO.Path.GetFullPath(parent ?? System.IO.Path.GetTempPath());
        IReadOnlyList<string> made = Missing(root);
        try
        {
            // A name of its own at every try, for a folder whose lock is being made looks like one that was left.
            FileClaim claim = FileClaim.Create(() =>
                System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(root, Prefix + Guid.NewGuid().ToString("N"))).FullName, LockName));
            JobFolder folder = new(System.IO.Path.GetDirectoryName(claim.Path)!, claim, made);
            Sweep(root, folder);
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"{root}: temporary files cannot be written there ({exception.Message.ReplaceLineEndings(" ")}); choose another folder with --temp-dir", exception);
        }
    }

    public void Dispose()
    {
        Remove(Path, _claim);
        foreach (string parent in _madeParents)
        {
            Try(() => Directory.Delete(parent)); // fails, as it should, if somebody else put something there
        }
    }

    // The folders on the way that are not there yet, the innermost first.
    private static List<string> Missing(string root)
    {
        List<string> missing = [];
        for (string? folder = root; folder is not null && !Directory.Exists(folder); folder = System.IO.Path.GetDirectoryName(folder))
        {
            missing.Add(folder);
        }

        return missing;
    }

    private static void Sweep(string root, JobFolder own)
    {
        if (!own._claim.IsEnforced)
        {
            return;
        }

        foreach (string folder in Directory.EnumerateDirectories(root, Prefix + "*").Where(folder => folder != own.Path))
        {
            if (FileClaim.TakeStale(System.IO.Path.Combine(folder, LockName)) is { } stale)
            {
                Remove(folder, stale);
            }
        }
    }

    // The lock goes last, so that a removal that is cut short can be taken up again.
    private static void Remove(string folder, FileClaim claim)
    {
        using (claim)
        {
            Try(() =>
            {
                foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(entry => entry.FullName != claim.Path))
                {
                    if (entry is DirectoryInfo { LinkTarget: null } inner)
                    {
                        inner.Delete(recursive: true);
                    }
                    else
                    {
                        entry.Delete();
                    }
                }
            });
        }

        Try(() => Directory.Delete(folder, recursive: true));
    }

    // Whatever fails here, the folder went away or somebody else holds a file in it: nothing to be done.
    private static void Try(Action removal)
    {
        try
        {
            removal();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
