using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LatentSync.Runtime.TensorRt;

/// <summary>The version of a vendor's library as its file tells it, for libraries that have no call for it: TensorRT's ONNX parser says 100 in every release.</summary>
internal static partial class VendorFileVersion
{
    /// <summary>The file that a path leads to, links followed.</summary>
    /// <param name="path">As the library was loaded.</param>
    public static string Resolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    /// <summary>The version; null where the file does not tell, as those that come without a version in their names.</summary>
    /// <param name="file">The file, links followed.</param>
    public static Version? Of(string file)
    {
        try
        {
            return OperatingSystem.IsWindows() ? OfResource(FileVersionInfo.GetVersionInfo(file)) : OfName(Path.GetFileName(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The version in the name of a library on Linux: 10.16.1 in <c>libnvonnxparser.so.10.16.1</c>.</summary>
    internal static Version? OfName(string name) => NumberedName().Match(name) is { Success: true } match && Version.TryParse(match.Groups[1].Value, out Version? version) ? version : null;

    private static Version? OfResource(FileVersionInfo file) =>
        file.FileMajorPart > 0 ? new Version(file.FileMajorPart, file.FileMinorPart, file.FileBuildPart) : null;

    [GeneratedRegex(@"\.so\.(\d{1,4}\.\d{1,4}\.\d{1,4})$")]
    private static partial Regex NumberedName();
}
