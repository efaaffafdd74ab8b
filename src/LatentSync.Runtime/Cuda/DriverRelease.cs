using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LatentSync.Runtime.Cuda;

/// <summary>
/// The release of NVIDIA's driver, 570.86.10 for example. The driver library itself tells only the CUDA version that it serves, which many releases share.
/// </summary>
internal static partial class DriverRelease
{
    /// <summary>What stands for a release that could not be found out.</summary>
    public const string Unknown = "unknown";

    // The kernel module's own words; also there in containers, which share the kernel.
    private const string KernelModule = "/proc/driver/nvidia/version";

    /// <summary>The release of the driver in use; <see cref="Unknown"/> where the system does not tell.</summary>
    /// <param name="libraryPath">The loaded driver library.</param>
    public static string Find(string libraryPath)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? OfFileVersion(FileVersionInfo.GetVersionInfo(libraryPath))
                : File.Exists(KernelModule) ? OfKernelModule(File.ReadAllText(KernelModule)) : Unknown;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unknown;
        }
    }

    /// <summary>The release in what the Linux kernel module says of itself, its line <c>NVRM version: ...</c>.</summary>
    internal static string OfKernelModule(string text) => ModuleLine().Match(text) is { Success: true } match ? match.Groups[1].Value : Unknown;

    // By its numbers, for the text may say more.
    private static string OfFileVersion(FileVersionInfo file) => OfFileVersion($"{file.FileMajorPart}.{file.FileMinorPart}.{file.FileBuildPart}.{file.FilePrivatePart}");

    /// <summary>The release in the version of a driver's file on Windows, whose last five digits it is: 32.0.15.7283 is 572.83.</summary>
    internal static string OfFileVersion(string? version) =>
        FileVersion().Match(version ?? string.Empty) is { Success: true } match && $"{match.Groups[1].Value}{match.Groups[2].Value.PadLeft(4, '0')}" is { Length: >= 5 } digits
            ? $"{digits[^5..^2]}.{digits[^2..]}"
            : Unknown;

    [GeneratedRegex(@"^NVRM version:.*?\s(\d{2,4}\.\d{2,3}(?:\.\d{1,3})?)\s", RegexOptions.Multiline)]
    private static partial Regex ModuleLine();

    [GeneratedRegex(@"^\d+\.\d+\.(\d{1,3})\.(\d{1,4})$")]
    private static partial Regex FileVersion();
}
