using System.Reflection;
using System.Text.Json;

namespace LatentSync.Kernels.Manifest;

/// <summary>What lies beside the kernels' PTX so that a program without their sources can launch them: <c>manifest.json</c>.</summary>
/// <param name="Version">Version of the format, <see cref="CurrentVersion"/>.</param>
/// <param name="Architectures">The folders of PTX, oldest GPU generation first: 75 for <c>sm_75</c>.</param>
/// <param name="Kernels">The kernels by name.</param>
public sealed record KernelManifest(int Version, IReadOnlyList<int> Architectures, IReadOnlyList<KernelSignature> Kernels)
{
    /// <summary>The version that this code writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The file's name in the folder of PTX.</summary>
    public const string FileName = "manifest.json";

    /// <summary>Describes kernels from their methods, see <see cref="KernelLayout"/>.</summary>
    /// <param name="architectures">The GPU generations that are compiled for, such as 75.</param>
    /// <param name="kernels">The kernels.</param>
    /// <exception cref="NotSupportedException">A parameter is of a type without a rule.</exception>
    public static KernelManifest Describe(IEnumerable<int> architectures, IEnumerable<MethodInfo> kernels) => new(
        CurrentVersion,
        [.. architectures.Order()],
        [.. kernels.Select(KernelLayout.Of).OrderBy(kernel => kernel.Name, StringComparer.Ordinal)]);

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The file's text.</param>
    /// <exception cref="JsonException">The text is no manifest, or one of another version.</exception>
    public static KernelManifest Parse(string json)
    {
        KernelManifest manifest = JsonSerializer.Deserialize(json, ManifestJsonContext.Default.KernelManifest) ?? throw new JsonException("the manifest is empty");
        return manifest.Version == CurrentVersion
            ? manifest
            : throw new JsonException($"the manifest has version {manifest.Version}, this program reads version {CurrentVersion}");
    }

    /// <summary>The file's text; the same on every system.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ManifestJsonContext.Default.KernelManifest) + "\n";

    /// <summary>How a kernel is called.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is no such kernel.</exception>
    public KernelSignature Kernel(string name) => Kernels.FirstOrDefault(kernel => kernel.Name == name)
        ?? throw new ArgumentException($"there is no kernel '{name}' in the manifest", nameof(name));
}
