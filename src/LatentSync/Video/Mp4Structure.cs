using System.Buffers.Binary;

namespace LatentSync.Video;

/// <summary>
/// Tells an MP4 or MOV file that was cut off: its top-level boxes (ISO/IEC 14496-12, 4.2) state their sizes. Without this a half-copied
/// file whose index stands first is found out only when decoding reaches the gap, perhaps hours into a job.
/// </summary>
internal static class Mp4Structure
{
    private const int MaximumBoxes = 100_000; // a fragmented file has two a fragment

    /// <summary>How many bytes the file lacks; 0 if it is whole, or if it is no such file.</summary>
    public static long MissingBytes(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        Span<byte> header = stackalloc byte[16];
        long position = 0;
        for (int box = 0; box < MaximumBoxes && position + 8 <= file.Length; box++)
        {
            file.Position = position;
            int read = file.ReadAtLeast(header, 16, throwOnEndOfStream: false);
            long size = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (size == 1 && read == 16)
            {
                size = BinaryPrimitives.ReadInt64BigEndian(header[8..]);
            }

            if (size == 0)
            {
                return 0; // to the end of the file
            }

            if (size < 8 || position > long.MaxValue - size)
            {
                return 0; // not boxes any more: nothing can be said
            }

            bool matters = header[4..8].SequenceEqual("mdat"u8) || header[4..8].SequenceEqual("moov"u8);
            if (matters && position + size > file.Length)
            {
                return position + size - file.Length;
            }

            position += size;
        }

        return 0;
    }
}
