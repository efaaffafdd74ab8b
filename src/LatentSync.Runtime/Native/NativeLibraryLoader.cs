using System.Runtime.InteropServices;
using LatentSync.Runtime.TensorRt;
using LatentSync.Runtime.TensorRt.Native;

namespace LatentSync.Runtime.Native;

/// <summary>
/// Finds the native library in the flavour that fits this machine's TensorRT, the newest one where there are several, checks its ABI version once, and
/// resolves every import to it. Only stated places are looked in, never the system's search path: a library of the same name elsewhere must not be picked up.
/// </summary>
internal static unsafe class NativeLibraryLoader
{
    /// <summary>The name in every import.</summary>
    internal const string Name = "latentsync_rt";

    /// <summary>Names the one file to load, in place of the search.</summary>
    internal const string PathVariable = "LATENTSYNC_NATIVE_LIBRARY";

    /// <summary><c>LSRT_ABI_VERSION</c> of the header that the imports were written for.</summary>
    internal const int AbiVersion = 3;

    private static readonly Lazy<LoadedNativeLibrary> Loaded = new(() =>
    {
        string? chosen = Environment.GetEnvironmentVariable(PathVariable);
        LoadedNativeLibrary library = Load(Candidates(chosen), TensorRtLibrary.Folder(null), !string.IsNullOrEmpty(chosen));
        NativeLibrary.SetDllImportResolver(
            typeof(NativeLibraryLoader).Assembly,
            (name, _, _) => name == Name ? library.Handle : 0);
        return library;
    });

    /// <summary>The file's name on this system.</summary>
    internal static string FileName { get; } = FileNameOf(Name);

    /// <summary>What was looked for and what came of it, in order.</summary>
    internal static IReadOnlyList<string> Attempts => Loaded.Value.Attempts;

    /// <summary>Loads the library unless it is loaded; to be called before the first import of any class.</summary>
    /// <returns>The path of the loaded file.</returns>
    /// <exception cref="LatentSyncException">No library of this ABI version is there; the message lists what was tried.</exception>
    internal static string EnsureLoaded() => Loaded.Value.Path;

    /// <summary>The files to try, in order; a chosen path leaves no others.</summary>
    internal static IReadOnlyList<string> Candidates(string? chosenPath)
    {
        if (!string.IsNullOrEmpty(chosenPath))
        {
            return [Path.GetFullPath(chosenPath)];
        }

        string beside = AppContext.BaseDirectory;
        string assembly = Path.GetDirectoryName(typeof(NativeLibraryLoader).Assembly.Location) is { Length: > 0 } folder ? folder : beside;
        string platform = Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        return
        [
            .. new[] { beside, assembly }
                .SelectMany(place => new[] { Path.Combine(place, FileName), Path.Combine(place, platform, FileName) })
                .Select(Path.GetFullPath)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>The file of the flavour for a major version of TensorRT.</summary>
    internal static string FlavourFileName(int tensorRtMajor) => FileNameOf($"{Name}_trt{tensorRtMajor}");

    /// <summary>Opens the first file that loads and has this ABI version, and in its place the flavour beside it that fits the TensorRT of this machine.</summary>
    /// <param name="candidates">The files to try.</param>
    /// <param name="tensorRtDirectory">The only folder to look for TensorRT in; null for the usual places.</param>
    /// <param name="isChosen">Whether the user named the file, which is then taken as it is.</param>
    internal static LoadedNativeLibrary Load(IReadOnlyList<string> candidates, string? tensorRtDirectory, bool isChosen)
    {
        List<string> attempts = [];
        (nint handle, string path) = Open(candidates, attempts);
        if (isChosen)
        {
            return new LoadedNativeLibrary(handle, path, attempts);
        }

        bool isTensorRtThere = false;
        foreach (int major in TensorRtMajor.Find(handle, tensorRtDirectory))
        {
            isTensorRtThere = true;
            string flavour = Path.Combine(Path.GetDirectoryName(path)!, FlavourFileName(major));
            string? failure = TryOpen(flavour, out nint flavourHandle);
            attempts.Add($"{flavour} ({failure ?? "loaded"})");
            if (failure is null)
            {
                return new LoadedNativeLibrary(flavourHandle, flavour, attempts);
            }
        }

        if (!isTensorRtThere)
        {
            attempts.Add("no flavour for TensorRT was looked for: there is no TensorRT here");
        }

        return new LoadedNativeLibrary(handle, path, attempts);
    }

    /// <summary>Opens the first file that loads and has this ABI version.</summary>
    internal static (nint Handle, string Path) Open(IReadOnlyList<string> candidates, List<string>? attempts = null)
    {
        attempts ??= [];
        foreach (string path in candidates)
        {
            string? failure = TryOpen(path, out nint handle);
            attempts.Add($"{path} ({failure ?? "loaded"})");
            if (failure is null)
            {
                return (handle, path);
            }
        }

        throw new LatentSyncException(
            LatentSyncError.Environment,
            $"the native library {FileName} could not be loaded; tried {string.Join("; ", attempts)}. Build it with './build.sh build', or name the file in {PathVariable}");
    }

    private static string FileNameOf(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    private static string? TryOpen(string path, out nint handle)
    {
        handle = 0;
        if (!File.Exists(path))
        {
            return "no such file";
        }

        try
        {
            handle = NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            return exception.Message.ReplaceLineEndings(" ").Trim();
        }

        string? failure = !NativeLibrary.TryGetExport(handle, "lsrt_abi_version", out nint version)
            ? "it does not export lsrt_abi_version"
            : ((delegate* unmanaged<int>)version)() is int abi && abi != AbiVersion
                ? $"its ABI version is {abi}, {AbiVersion} is needed"
                : null;
        if (failure is not null)
        {
            NativeLibrary.Free(handle);
        }

        return failure;
    }
}
