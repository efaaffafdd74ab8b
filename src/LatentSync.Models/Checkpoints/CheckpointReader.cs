using System.Text;
using LatentSync.Runtime;

namespace LatentSync.Models.Checkpoints;

/// <summary>Opens any checkpoint that the engine knows, told apart by content, never by extension.</summary>
public static class CheckpointReader
{
    private const int SniffedBytes = 512;

    /// <summary>
    /// Opens a torch zip file, a torch file of the older format, a safetensors file, or a diffusers folder
    /// (<c>config.json</c> beside <c>diffusion_pytorch_model.safetensors</c> or <c>.bin</c>).
    /// </summary>
    /// <param name="path">A file or a folder.</param>
    /// <returns>The reader; the caller disposes it.</returns>
    /// <exception cref="LatentSyncException">The path is missing, or what lies there is damaged, hostile or of another kind.</exception>
    public static ICheckpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            return DiffusersFolder.Open(path);
        }

        return OpenFile(path);
    }

    internal static ICheckpoint OpenFile(string path)
    {
        byte[] head = ReadHead(path, out long length);
        if (TorchCheckpoint.IsTorch(head))
        {
            return TorchCheckpoint.Open(path);
        }

        // The header of a safetensors file is a JSON object that begins after its eight bytes of length.
        bool jsonAfterLength = head.Length > 8 && head[8] == (byte)'{' && head[0] != (byte)'{';
        if (jsonAfterLength || path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            return SafetensorsCheckpoint.Open(path);
        }

        throw new LatentSyncException(
            LatentSyncError.Model,
            $"{path}: it is neither a torch file nor a safetensors file ({length} bytes, {Describe(head)}); download the checkpoint again");
    }

    private static byte[] ReadHead(string path, out long length)
    {
        using FileStream stream = CheckpointFile.OpenRead(path);
        length = stream.Length;
        byte[] head = new byte[(int)Math.Min(SniffedBytes, length)];
        CheckpointFile.ReadExactly(stream, 0, head);
        return head;
    }

    // What users hand over by mistake most often: error pages, git-lfs pointers, models of other tools.
    private static string Describe(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.StartsWith("version https://git-lfs"u8) => "a git-lfs pointer: the real file was never fetched, run 'git lfs pull'",
        _ when head.TrimStart(" \t\r\n"u8).StartsWith("<"u8) => "a web page: the download failed or needs a login",
        _ when head.StartsWith("GGUF"u8) => "a GGUF model",
        _ when head.StartsWith(new byte[] { 0x89, (byte)'H', (byte)'D', (byte)'F' }) => "an HDF5 model",
        _ when head.StartsWith(new byte[] { 0x1F, 0x8B }) => "gzip-compressed: unpack it first",
        _ when head.Length >= 262 && head.Slice(257, 5).SequenceEqual("ustar"u8) => "a tar archive: torch's format of before 0.1.10, save it again with a newer torch",
        _ when IsText(head) => $"text that begins with {CheckpointFile.Quote(Encoding.ASCII.GetString(head[..Math.Min(24, head.Length)]))}",
        _ => $"it begins with the bytes {Convert.ToHexString(head[..Math.Min(8, head.Length)])}",
    };

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (byte value in head)
        {
            if (value is not ((>= 0x20 and < 0x7F) or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return false;
            }
        }

        return true;
    }
}
