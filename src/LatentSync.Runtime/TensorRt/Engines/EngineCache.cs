using LatentSync.Runtime.Exceptions;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>
/// Engines on disk under their keys. Processes may share a folder: engines appear whole by a rename and are never changed, and who writes one holds its lock.
/// </summary>
public sealed class EngineCache
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string FolderVariable = "LATENTSYNC_ENGINES";

    private const string LockFolder = "locks";

    // Enough of a SHA-256 to keep apart the few checkpoints that share a structure.
    private const int ContentDigits = 16;

    /// <summary>Names the folder; nothing is written yet.</summary>
    /// <param name="folder">Where engines are kept; null for <see cref="DefaultFolder"/>.</param>
    public EngineCache(string? folder = null) => Folder = Path.GetFullPath(string.IsNullOrEmpty(folder) ? DefaultFolder : folder);

    /// <summary>What <see cref="FolderVariable"/> says, else <c>latentsync/engines</c> in the user's cache folder.</summary>
    public static string DefaultFolder =>
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen ? chosen : UserCacheFolder.For("engines");

    /// <summary>Where engines are kept.</summary>
    public string Folder { get; }

    /// <summary>Where an engine is or would be. Refittable engines of one key lie side by side, one for each checkpoint.</summary>
    /// <param name="identity">What it depends on.</param>
    public string PathOf(EngineIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        string name = EngineKey.Of(identity).Text;
        if (identity.Flags.HasFlag(EngineFlags.Refittable))
        {
            name += $".{identity.Graph.Content[..ContentDigits]}";
        }

        return Path.Combine(Folder, name + EngineFile.Extension);
    }

    /// <summary>The engine for exactly this; null if there is none.</summary>
    /// <param name="identity">What it depends on.</param>
    /// <exception cref="PlanRefusedException">There is a file, but it is damaged, or another engine than its name says.</exception>
    /// <exception cref="LatentSyncException">It cannot be read.</exception>
    public EngineFile? TryOpen(EngineIdentity identity)
    {
        string path = PathOf(identity);
        if (!File.Exists(path))
        {
            return null;
        }

        EngineFile file = EngineFile.Open(path);
        if (file.Key != EngineKey.Of(identity) || file.Header.Identity.Graph != identity.Graph)
        {
            throw EngineFile.Refused(path, "it is another engine than its name says");
        }

        Touch(path);
        return file;
    }

    /// <summary>A refittable engine of the same key, whatever weights it has; null if there is none.</summary>
    /// <param name="identity">What it depends on, with <see cref="EngineFlags.Refittable"/>.</param>
    public EngineFile? FindRefittable(EngineIdentity identity)
    {
        EngineKey key = EngineKey.Of(identity);
        // One that TensorRT built goes before one that was itself refitted.
        return List()
            .Where(entry => entry.File is { } file && file.Key == key && file.Header.Identity.Flags.HasFlag(EngineFlags.Refittable))
            .OrderBy(entry => entry.File!.Header.IsRefitted).ThenBy(entry => entry.Path, StringComparer.Ordinal)
            .FirstOrDefault()?.File;
    }

    /// <summary>The engines of a network that run on a target, the one used last first, whatever their profiles and flags.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="precision">Its arithmetic.</param>
    /// <param name="target">Where it shall run.</param>
    public IReadOnlyList<EngineFile> Find(GraphHash graph, EnginePrecision precision, EngineTarget target) =>
    [
        .. List()
            .Where(entry => entry.File?.Header.Identity is { } identity && identity.Graph == graph && identity.Precision == precision && identity.Target == target)
            .OrderByDescending(entry => entry.LastUsed)
            .Select(entry => entry.File!),
    ];

    /// <summary>Notes that an engine is used, so that pruning by use spares it.</summary>
    /// <param name="file">The engine.</param>
    public void MarkUsed(EngineFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Touch(file.Path);
    }

    /// <summary>Every engine file of the folder, by name; headers are verified, plans are not.</summary>
    /// <exception cref="LatentSyncException">The folder cannot be read.</exception>
    public IReadOnlyList<EngineCacheEntry> List() => [.. Files().Where(file => file.Extension == EngineFile.Extension).Select(Entry)];

    /// <summary>An engine file by its path, or an engine of the folder by its key or the beginning of that.</summary>
    /// <param name="fileOrKey">A path, or at least four digits of a key.</param>
    /// <exception cref="LatentSyncException">There is none, or several keys begin like this, or the file is refused.</exception>
    public EngineFile Resolve(string fileOrKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileOrKey);
        if (File.Exists(fileOrKey))
        {
            return EngineFile.Open(fileOrKey);
        }

        FileInfo[] found = fileOrKey.Length < 4 ? [] : [.. Files().Where(file => file.Extension == EngineFile.Extension && file.Name.StartsWith(fileOrKey, StringComparison.OrdinalIgnoreCase))];
        return found.Length switch
        {
            1 => EngineFile.Open(found[0].FullName),
            0 => throw new LatentSyncException(LatentSyncError.Model, $"{fileOrKey}: neither a file nor the key of an engine in {Folder}; 'latentsync engines list' shows the keys"),
            _ => throw new LatentSyncException(LatentSyncError.Usage, $"{fileOrKey}: {found.Length} engines in {Folder} begin like this; give more digits of the key"),
        };
    }

    /// <summary>Removes engines, those that cannot be used among them, and what killed builds left. Engines that a process loaded go on running.</summary>
    /// <param name="options">Which ones; the defaults remove only what cannot be used.</param>
    /// <exception cref="LatentSyncException">The folder cannot be read.</exception>
    public EnginePruneResult Prune(EnginePruneOptions options) => new EnginePruner(this, options).Run();

    /// <summary>Takes the right to write a file of the folder.</summary>
    internal Task<EngineLock> LockAsync(string path, Action? onWait, CancellationToken cancellationToken) =>
        EngineLock.TakeAsync(LockPath(path), onWait, cancellationToken);

    /// <summary>The same, if nobody has it.</summary>
    internal EngineLock? TryLock(string path) => EngineLock.TryTake(LockPath(path));

    /// <summary>The folder's files; none if there is no folder.</summary>
    internal IEnumerable<FileInfo> Files()
    {
        try
        {
            DirectoryInfo folder = new(Folder);
            return folder.Exists ? folder.GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Environment, $"{Folder}: cannot be read ({exception.Message}); check its permissions or choose another folder with --engines", exception);
        }
    }

    private static EngineCacheEntry Entry(FileInfo info)
    {
        try
        {
            return new EngineCacheEntry(info.FullName, info.Length, info.LastWriteTimeUtc, EngineFile.Open(info.FullName), null);
        }
        catch (PlanRefusedException exception)
        {
            return new EngineCacheEntry(info.FullName, info.Exists ? info.Length : 0, info.LastWriteTimeUtc, null, exception.Message);
        }
        catch (LatentSyncException exception)
        {
            return new EngineCacheEntry(info.FullName, info.Exists ? info.Length : 0, info.LastWriteTimeUtc, null, Refusal: null, exception.Message);
        }
    }

    private static void Touch(string path)
    {
        try
        {
            // Access times are often not kept by file systems; the write time is ours to use, since engines never change.
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A cache that can only be read still serves.
        }
    }

    private string LockPath(string path) => Path.Combine(Folder, LockFolder, Path.GetFileNameWithoutExtension(path) + ".lock");
}
