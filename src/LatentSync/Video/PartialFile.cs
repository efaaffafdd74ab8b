using System.Text;
using LatentSync.Runtime;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Video;

/// <summary>
/// An output that does not exist under its name until it is whole: it grows beside it as <c>.NAME.partial-XXXXXXXX.EXT</c> and is renamed.
/// Disposing it before <see cref="Commit"/> removes it.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private const int KeptNameBytes = 100; // a file name has 255 bytes on most systems
    private const int TagLength = 8;

    private readonly FileClaim _claim;
    private bool _gone;

    private PartialFile(string finalPath, FileClaim claim, bool overwrite) => (FinalPath, _claim, Path, Overwrite) = (finalPath, claim, claim.Path, overwrite);

    public string FinalPath { get; }

    public string Path { get; }

    public bool Overwrite { get; }

    /// <summary>For writing the file from this process, which holds a lock on it; valid until it is committed or disposed.</summary>
    public SafeFileHandle Handle => _claim.Handle;

    /// <summary>
    /// Creates the empty partial file, which shows that the folder can be written, and removes those that killed jobs for the same output left.
    /// </summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Output"/>: see the messages.</exception>
    public static PartialFile Create(string path, bool overwrite, IEnumerable<string> inputs)
    {
        string shown = MediaPath.Show(path);
        if (string.IsNullOrEmpty(path) || path.Contains('\0', StringComparison.Ordinal) || Directory.Exists(path))
        {
            throw new LatentSyncException(LatentSyncError.Output, $"'{shown}' is not a file name: give the name of the file to write, as out/result.mp4");
        }

        string full = System.IO.Path.GetFullPath(path);
        if (inputs.Any(input => IsSameFile(full, input)))
        {
            throw new LatentSyncException(LatentSyncError.Output, $"'{shown}' is also an input: write to another name");
        }

        if (!overwrite && System.IO.Path.Exists(full))
        {
            throw new LatentSyncException(LatentSyncError.Output, $"'{shown}' exists already: choose another name or allow it with --overwrite");
        }

        string folder = System.IO.Path.GetDirectoryName(full)!;
        try
        {
            FileClaim claim = FileClaim.Create(() => System.IO.Path.Combine(folder, PartialName(full, Guid.NewGuid().ToString("N")[..TagLength])));
            Sweep(folder, full, claim);
            return new PartialFile(full, claim, overwrite);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new LatentSyncException(LatentSyncError.Output, $"the folder of '{shown}' does not exist: create it first (mkdir -p)", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new LatentSyncException(
                LatentSyncError.Output, $"'{shown}' cannot be written ({MediaPath.Show(e.Message)}): choose a folder that you may write to", e);
        }
    }

    /// <summary>Puts the file's bytes on the disk and gives it its name.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Output"/>: the name was taken meanwhile, or the disk failed.</exception>
    public void Commit()
    {
        try
        {
            _claim.Flush(); // or a power cut could leave the name with nothing behind it
            File.Move(Path, FinalPath, Overwrite);
            _gone = true;
            _claim.Dispose();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            string fix = !Overwrite && System.IO.Path.Exists(FinalPath) ? "choose another name or allow it with --overwrite" : "check the disk and run again";
            throw new LatentSyncException(LatentSyncError.Output, $"'{MediaPath.Show(FinalPath)}' could not be finished ({MediaPath.Show(e.Message)}): {fix}", e);
        }
    }

    public void Dispose()
    {
        if (_gone)
        {
            return;
        }

        _gone = true;
        _claim.Remove();
    }

    private static void Sweep(string folder, string full, FileClaim own)
    {
        EnumerationOptions options = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };
        foreach (string file in Directory.EnumerateFiles(folder, "*", options).Where(file => IsPartialOf(full, System.IO.Path.GetFileName(file))))
        {
            if (file != own.Path && own.IsEnforced)
            {
                FileClaim.TakeStale(file)?.Remove();
            }
        }
    }

    private static bool IsPartialOf(string full, string name)
    {
        string[] around = PartialName(full, "*").Split('*');
        return around.Length == 2
            && name.Length == around[0].Length + TagLength + around[1].Length
            && name.StartsWith(around[0], StringComparison.Ordinal)
            && name.EndsWith(around[1], StringComparison.Ordinal)
            && name.AsSpan(around[0].Length, TagLength).IndexOfAnyExcept("0123456789abcdef") < 0;
    }

    private static string PartialName(string full, string tag)
    {
        StringBuilder stem = new();
        int bytes = 0;
        foreach (Rune rune in System.IO.Path.GetFileNameWithoutExtension(full).EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > KeptNameBytes)
            {
                break;
            }

            stem.Append(rune);
        }

        return $".{stem}.partial-{tag}{System.IO.Path.GetExtension(full)}";
    }

    private static bool IsSameFile(string output, string input) => string.Equals(
        Resolve(output), Resolve(System.IO.Path.GetFullPath(input)),
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    /// <summary>The path behind links, of the file and of its folder.</summary>
    private static string Resolve(string path)
    {
        string target = Follow(new FileInfo(path));
        string? folder = System.IO.Path.GetDirectoryName(target);
        return folder is null ? target : System.IO.Path.Combine(Follow(new DirectoryInfo(folder)), System.IO.Path.GetFileName(target));
    }

    private static string Follow(FileSystemInfo info)
    {
        try
        {
            return info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? info.FullName;
        }
        catch (IOException)
        {
            return info.FullName;
        }
    }
}
