using System.Text;

namespace LatentSync.Runtime.Native;

/// <summary>Texts that the native library copies out: asked for their size, then for themselves.</summary>
internal static unsafe class NativeText
{
    internal delegate NativeStatus CopyOut(byte* buffer, long capacity, out long length);

    /// <summary>The whole text; a failed call goes through the error door.</summary>
    internal static string Read(CopyOut call)
    {
        NativeError.ThrowIfFailed(call(null, 0, out long length));
        byte[] bytes = new byte[checked((int)length + 1)];
        fixed (byte* buffer = bytes)
        {
            NativeError.ThrowIfFailed(call(buffer, bytes.Length, out length));
        }

        return Encoding.UTF8.GetString(bytes, 0, (int)length);
    }

    /// <summary>The bytes of a text passed in, closed by a zero; null stays null.</summary>
    /// <exception cref="LatentSyncException">The text holds a zero, at which the native side would cut it.</exception>
    internal static byte[]? ToBytes(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return text.Contains('\0')
            ? throw new LatentSyncException(LatentSyncError.Usage, $"{text.Replace("\0", "\\0", StringComparison.Ordinal)}: a path cannot contain a zero character")
            : Encoding.UTF8.GetBytes(text + '\0');
    }
}
