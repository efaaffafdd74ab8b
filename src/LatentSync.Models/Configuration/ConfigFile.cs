using System.Text;
using System.Text.Json;
using LatentSync.Runtime;

namespace LatentSync.Models.Configuration;

/// <summary>Reading of small text files that others wrote.</summary>
internal static class ConfigFile
{
    // The official files take 2 to 3 KB; a trained_betas list of 1000 numbers takes 25 KB.
    private const int MaxSizeInBytes = 1 << 20;

    public static JsonDocumentOptions JsonOptions { get; } = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static string ReadText(string path, string what)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            byte[] bytes = new byte[MaxSizeInBytes + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxSizeInBytes)
            {
                throw new LatentSyncException(LatentSyncError.Model, $"{path}: larger than {MaxSizeInBytes >> 20} MiB, so it is not {what}; check the path");
            }

            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException exception)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: not a UTF-8 text, so it is not {what}; check the path", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: no such file; give the path of {what}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: cannot be read ({exception.Message}); give the path of {what}", exception);
        }
    }

    public static JsonDocument ParseJson(string json, string file)
    {
        try
        {
            return JsonDocument.Parse(json, JsonOptions);
        }
        catch (JsonException exception)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{file}: not valid JSON ({FirstSentence(exception.Message)}); correct it or fetch it again", exception);
        }
    }

    // Parser messages may run over several lines; an error here is one line.
    public static string FirstSentence(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
