using LatentSync.Runtime.Exceptions;
using LatentSync.Runtime.TensorRt.Native;

namespace LatentSync.Runtime.TensorRt;

/// <summary>TensorRT's libraries on this machine. They are opened at run time: nothing of TensorRT is needed to build or to start.</summary>
public sealed class TensorRtLibrary : IDisposable
{
    /// <summary>The environment variable that names TensorRT's library folder where the system's loader does not know it.</summary>
    public const string DirectoryVariable = "LATENTSYNC_TENSORRT";

    private readonly TensorRtHandle _handle;

    private TensorRtLibrary(TensorRtHandle handle)
    {
        _handle = handle;
        TensorRtInfoStruct info = handle.Info;
        Version = new Version(info.Major, info.Minor, info.Patch);
        LibraryPath = handle.Path;
        string parser = handle.OnnxParserPath;
        (OnnxParserPath, OnnxParserFailure) = info.HasOnnxParser != 0 ? (parser, (string?)null) : (null, parser);
        OnnxParserFile = OnnxParserPath is { } path ? VendorFileVersion.Resolve(path) : null;
        OnnxParserVersion = OnnxParserFile is { } file ? VendorFileVersion.Of(file) : null;
    }

    internal TensorRtHandle Handle => _handle;

    /// <summary>The version that the library states.</summary>
    public Version Version { get; }

    /// <summary>The loaded <c>nvinfer</c> library.</summary>
    public string LibraryPath { get; }

    /// <summary>The loaded <c>nvonnxparser</c> library; null if there is none: then plans can be run, but not built.</summary>
    public string? OnnxParserPath { get; }

    /// <summary>The file that <see cref="OnnxParserPath"/> leads to, links followed; null if there is no parser.</summary>
    public string? OnnxParserFile { get; }

    /// <summary>The parser's version, as its file tells it; null if that does not, or if there is no parser. It should be <see cref="Version"/>: the two share classes.</summary>
    public Version? OnnxParserVersion { get; }

    /// <summary>Why there is no parser: one sentence with what was tried; null if there is one.</summary>
    public string? OnnxParserFailure { get; }

    /// <summary>Opens TensorRT 10 or 11.</summary>
    /// <param name="directory">The only folder to look in; null for <see cref="DirectoryVariable"/>, and where that is not set, for where the system's loader looks.</param>
    /// <param name="major">10 or 11, or 0 for the one that the native library was built for, and where that is not there, for the newest one there.</param>
    /// <exception cref="LatentSyncException">There is none, or it is not what its name says, or the native library is missing.</exception>
    public static TensorRtLibrary Open(string? directory = null, int major = 0)
    {
        TensorRtHandle handle = Find(Folder(directory), major);
        try
        {
            return new TensorRtLibrary(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>The only folder to look in, from the root: Windows' loader finds what a library needs beside it only then. Null for the usual places.</summary>
    /// <param name="directory">As given to <see cref="Open"/>.</param>
    internal static string? Folder(string? directory)
    {
        string? folder = directory ?? Environment.GetEnvironmentVariable(DirectoryVariable);
        // What no path can contain is refused with a sentence where it is passed on.
        return string.IsNullOrEmpty(folder) ? null : folder.Contains('\0') ? folder : Path.GetFullPath(folder);
    }

    // Of two versions, the newer one is of no use to a native library that was built for the older one.
    private static TensorRtHandle Find(string? folder, int major)
    {
        if (major == 0 && NativeRuntimeInfo.Load().TensorRtHeaders is { } flavour)
        {
            try
            {
                return TensorRtHandle.Create(folder, flavour.Major);
            }
            catch (VendorLibraryMissingException)
            {
                // What is there instead says best why it does not fit.
            }
        }

        return TensorRtHandle.Create(folder, major);
    }
}
