using System.Buffers.Binary;

namespace LatentSync.Audio;

/// <summary>Whether a WAV file has all the samples its header speaks of.</summary>
internal static class RiffLength
{
    // Writers that do not know the length yet (pipes) put 0, 0x7FFFxxxx or 0xFFFFFFFF there.
    private const uint SmallestUnknownLength = 0x7FFF0000;

    // Careless writers count a header or two into the data.
    private const long Slack = 1024;

    /// <summary>True if the header states a real length of data and the file ends before it; false for anything that is not a WAV file.</summary>
    public static bool IsCutShort(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> header = stackalloc byte[12];
            if (file.ReadAtLeast(header, 12, throwOnEndOfStream: false) < 12 || !header[..4].SequenceEqual("RIFF"u8) || !header[8..].SequenceEqual("WAVE"u8))
            {
                return false;
            }

            while (file.ReadAtLeast(header[..8], 8, throwOnEndOfStream: false) == 8)
            {
                uint length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
                if (header[..4].SequenceEqual("data"u8))
                {
                    return length < SmallestUnknownLength && file.Position + length > file.Length + Slack;
                }

                file.Seek(length + (length & 1), SeekOrigin.Current);
            }
        }
        catch (IOException)
        {
            // Unreadable here means unreadable to ffmpeg, which has its own words for it.
        }

        return false;
    }
}
