using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>Reading and writing of <c>manifest.json</c>. A manifest may come from anywhere: every claim is checked before it is used.</summary>
internal static class ManifestFile
{
    public const string Name = "manifest.json";
    public const string FormatName = "latentsync-pack";

    // A full-size pack's manifest takes about 10 KB.
    private const long MaxSizeInBytes = 4 << 20;

    private static readonly PackJsonContext Json = new(new JsonSerializerOptions(PackJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = null,
    });

    public static void Write(string folder, PackManifest manifest)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(manifest, Json.PackManifest) + "\n");
        using FileStream stream = new(Path.Combine(folder, Name), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Reads a pack's manifest and checks that it is one that this engine can use.</summary>
    public static PackManifest Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        byte[] bytes = ReadBytes(path);
        PackManifest manifest;
        try
        {
            CheckVersion(bytes, path);
            manifest = JsonSerializer.Deserialize(bytes, Json.PackManifest) ?? throw new JsonException("it holds null");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw Damaged(path, exception.Message.ReplaceLineEndings(" ").TrimEnd('.'), exception);
        }

        CheckComponents(manifest, path);
        CheckNumbers(manifest, path);
        manifest = InputMarks.Complete(manifest);
        return manifest.Components.Select(InputMarks.Fault).FirstOrDefault(fault => fault is not null) is { } fault ? throw Damaged(path, fault) : manifest;
    }

    public static LatentSyncException Damaged(string path, string reason, Exception? inner = null) =>
        new(LatentSyncError.Model, $"{path}: the manifest is damaged ({reason}); import the pack again with 'latentsync models import'", inner);

    private static byte[] ReadBytes(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > MaxSizeInBytes)
            {
                throw Damaged(path, $"{stream.Length} bytes long");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: cannot be read ({exception.Message}); check its permissions", exception);
        }
    }

    // Before anything else: a newer format may have other fields altogether.
    private static void CheckVersion(byte[] bytes, string path)
    {
        using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 });
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("format", out JsonElement format) || format.ValueKind != JsonValueKind.String || format.GetString() != FormatName
            || !root.TryGetProperty("format_version", out JsonElement version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number))
        {
            throw new LatentSyncException(LatentSyncError.Model,
                $"{path}: not a LatentSync model pack's manifest; give a folder made by 'latentsync models import'");
        }

        if (number != PackManifest.CurrentFormatVersion)
        {
            throw new LatentSyncException(LatentSyncError.Model,
                $"{path}: pack format {number}, this engine reads {PackManifest.CurrentFormatVersion}; import the checkpoints again with this engine");
        }
    }

    private static void CheckComponents(PackManifest manifest, string path)
    {
        if (manifest.Components.Contains(null!) || manifest.Components.Any(component => component.Inputs.Contains(null!) || component.Outputs.Contains(null!) || component.Files.Contains(null!)))
        {
            throw Damaged(path, "an element of a list is null");
        }

        HashSet<string> paths = new(StringComparer.OrdinalIgnoreCase);
        foreach (PackComponent component in manifest.Components)
        {
            foreach (PackFile file in component.Files)
            {
                if (!IsInside(file.Path) || !paths.Add(file.Path))
                {
                    throw Damaged(path, $"the path '{Printable(file.Path)}' leaves the pack or is listed twice");
                }

                if (file.SizeInBytes < 0 || file.Sha256.Length != 64 || !file.Sha256.All(char.IsAsciiHexDigitLower))
                {
                    throw Damaged(path, $"'{file.Path}' has no valid size and SHA-256");
                }
            }

            if (component.Files.All(file => file.Path != component.Graph))
            {
                throw Damaged(path, $"'{Printable(component.Name)}' does not list its graph '{Printable(component.Graph)}'");
            }
        }

        foreach (string name in PackComponentName.All)
        {
            int count = manifest.Components.Count(component => component.Name == name);
            if (count != 1)
            {
                throw Damaged(path, count == 0 ? $"it has no '{name}'" : $"it has {count} of '{name}'");
            }
        }
    }

    // What a pipeline divides by or sizes buffers with; the configuration has checks of its own.
    private static void CheckNumbers(PackManifest manifest, string path)
    {
        if (!(manifest.Vae.ScalingFactor > 0) || manifest.Vae.LatentChannels is < 1 or > 1024 || manifest.Vae.BlockOutChannels.Count is < 1 or > 8)
        {
            throw Damaged(path, "the VAE's numbers are out of range");
        }

        WhisperConfig whisper = manifest.Whisper;
        if (new[] { whisper.Mels, whisper.AudioContext, whisper.AudioState, whisper.AudioHeads, whisper.AudioLayers }.Any(number => number is < 1 or > 1_000_000))
        {
            throw Damaged(path, "Whisper's dimensions are out of range");
        }
    }

    /// <summary>Whether a path stays under the pack on every system: plain names joined by forward slashes.</summary>
    internal static bool IsInside(string path) =>
        path.Length is > 0 and < 512
        && path.Split('/').All(part => part.Length > 0 && part != "." && part != ".." && part.All(c => !char.IsControl(c) && c is not ('\\' or ':')));

    /// <summary>The beginning of a name out of a manifest, fit for a line of text.</summary>
    internal static string Printable(string text) => string.Concat(text.Take(80).Select(c => char.IsControl(c) ? '?' : c));
}
