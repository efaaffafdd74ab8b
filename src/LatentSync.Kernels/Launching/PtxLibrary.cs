using System.Globalization;
using System.Text.Json;
using LatentSync.Kernels.Manifest;
using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <summary>The kernels' PTX as it was built, for one device: that of the newest GPU generation that the device can run.</summary>
public sealed class PtxLibrary
{
    private const string FolderPrefix = "sm_";
    private readonly string _folder;

    private PtxLibrary(string folder, KernelManifest manifest, int architecture)
    {
        Manifest = manifest;
        Architecture = architecture;
        _folder = Path.Combine(folder, FolderPrefix + architecture.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Where the build puts the PTX: <c>ptx</c> beside the program.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "ptx");

    /// <summary>How each kernel is called.</summary>
    public KernelManifest Manifest { get; }

    /// <summary>The GPU generation of the PTX, 10 x major + minor of its compute capability: 86 for <c>sm_86</c>.</summary>
    public int Architecture { get; }

    /// <summary>Opens the kernels for a device. PTX of an older generation runs on every newer one: the driver compiles it.</summary>
    /// <param name="major">Major number of the device's compute capability: 8 for 8.6.</param>
    /// <param name="minor">Minor number.</param>
    /// <param name="folder">The folder of PTX; <see cref="DefaultFolder"/> if not given.</param>
    /// <exception cref="LatentSyncException">The folder or its manifest is missing or damaged, or the device is too old.</exception>
    public static PtxLibrary Open(int major, int minor, string? folder = null)
    {
        folder ??= DefaultFolder;
        KernelManifest manifest = ReadManifest(folder);
        int device = (10 * major) + minor, oldest = manifest.Architectures.DefaultIfEmpty(int.MaxValue).Min();
        if (device < oldest)
        {
            throw new LatentSyncException(
                LatentSyncError.Environment,
                $"the GPU has compute capability {major}.{minor}, the kernels need {oldest / 10}.{oldest % 10} or newer: choose another GPU, or run on the CPU");
        }

        return new PtxLibrary(folder, manifest, manifest.Architectures.Where(architecture => architecture <= device).Max());
    }

    /// <summary>Reads the PTX of a kernel.</summary>
    /// <param name="kernel">The kernel's name.</param>
    /// <exception cref="ArgumentException">There is no such kernel.</exception>
    /// <exception cref="LatentSyncException">The file is missing or unreadable, or its entry point has other parameters than the manifest says.</exception>
    public string ReadText(string kernel)
    {
        KernelSignature signature = Manifest.Kernel(kernel);
        string path = Path.Combine(_folder, kernel + ".ptx");
        try
        {
            string text = File.ReadAllText(path);
            PtxHeader.Verify(signature, text);
            return text;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw Unusable(path, error);
        }
    }

    private static KernelManifest ReadManifest(string folder)
    {
        string path = Path.Combine(folder, KernelManifest.FileName);
        try
        {
            return KernelManifest.Parse(File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Unusable(path, error);
        }
    }

    private static LatentSyncException Unusable(string path, Exception error) => new(
        LatentSyncError.Environment,
        $"the GPU kernels' file {path} cannot be used: {error.Message.ReplaceLineEndings(" ")}; build or install the program again, its folder 'ptx' included",
        error);
}
