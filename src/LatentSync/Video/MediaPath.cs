using System.Globalization;
using System.Text;
using LatentSync.Runtime;

namespace LatentSync.Video;

/// <summary>User-given paths on their way into ffmpeg: local files only, whatever their names look like.</summary>
internal static class MediaPath
{
    /// <summary>Suffixes for which ffmpeg takes a <c>%03d</c> in the name for a numbered series instead of a file.</summary>
    private static readonly HashSet<string> ImageSuffixes = new(StringComparer.OrdinalIgnoreCase)
    {
        ".bmp", ".dpx", ".exr", ".gif", ".j2k", ".jp2", ".jpeg", ".jpg", ".jls", ".jxl", ".pam", ".pbm", ".pcx", ".pfm", ".pgm", ".pgmyuv",
        ".png", ".ppm", ".psd", ".qoi", ".ras", ".sgi", ".sun", ".tga", ".tif", ".tiff", ".webp", ".xbm", ".xpm", ".xwd", ".y",
    };

    /// <summary>The absolute path of a readable, non-empty file.</summary>
    /// <exception cref="LatentSyncException"><see cref="LatentSyncError.Media"/>: missing, a folder, empty, or not readable.</exception>
    public static string RequireReadable(string path, string what)
    {
        ArgumentNullException.ThrowIfNull(path);
        string shown = Show(path);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new LatentSyncException(LatentSyncError.Media, $"'{shown}' is no file name: give the path of the {what}");
        }

        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new LatentSyncException(LatentSyncError.Media, $"'{shown}' is a folder: give the path of the {what} itself");
        }

        try
        {
            using FileStream file = new(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            if (!file.CanSeek || file.Length == 0)
            {
                throw new LatentSyncException(LatentSyncError.Media, $"'{shown}' is empty or not an ordinary file: give the path of a {what}");
            }

            return full;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"'{shown}' does not exist: check the path of the {what}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"'{shown}' may not be read: change its permissions (chmod u+r) or give another {what}", e);
        }
        catch (IOException e)
        {
            throw new LatentSyncException(LatentSyncError.Media, $"'{shown}' cannot be read ({Show(e.Message)}): check the disk or give another {what}", e);
        }
    }

    /// <summary>
    /// The input arguments for a file that exists: the <c>file:</c> protocol, so that no name is an option or an address, and no other
    /// protocol, so that no playlist inside leads elsewhere.
    /// </summary>
    public static IEnumerable<string> InputArguments(string fullPath)
    {
        yield return "-protocol_whitelist";
        yield return "file";
        if (fullPath.Contains('%', StringComparison.Ordinal) && ImageSuffixes.Contains(Path.GetExtension(fullPath)))
        {
            yield return "-f";
            yield return "image2";
            yield return "-pattern_type";
            yield return "none";
        }

        yield return "-i";
        yield return Url(fullPath);
    }

    /// <summary>The path as ffmpeg's <c>file:</c> protocol takes it (literally, nothing is escaped).</summary>
    public static string Url(string fullPath) => "file:" + fullPath;

    /// <summary>Text for a one-line message: control characters cannot break the line or drive a terminal.</summary>
    public static string Show(string text)
    {
        StringBuilder shown = new(text.Length);
        foreach (char c in text)
        {
            bool unsafeCharacter = char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            shown.Append(unsafeCharacter ? '?' : c);
        }

        return shown.ToString();
    }
}
