using System.Buffers.Binary;

namespace LatentSync.Tests.Audio;

/// <summary>Writes 16-bit WAV files, good ones and others.</summary>
internal static class WaveFile
{
    /// <summary>A tone on every channel; a stated length of null states the true one.</summary>
    public static string Write(string path, int samples, int rate = 16000, int channels = 1, uint? statedBytes = null)
    {
        byte[] file = new byte[44 + (samples * channels * 2)];
        Span<byte> header = file;
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)file.Length - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], rate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], rate * channels * 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], (short)(channels * 2));
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], statedBytes ?? (uint)(file.Length - 44));
        for (int i = 0; i < samples * channels; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(header[(44 + (2 * i))..], (short)(10000 * Math.Sin(i / channels * 0.1)));
        }

        File.WriteAllBytes(path, file);
        return path;
    }
}
