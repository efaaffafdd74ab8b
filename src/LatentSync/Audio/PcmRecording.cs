using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LatentSync.Runtime;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Audio;

/// <summary>
/// A decoded recording: 16 kHz mono 16-bit samples in a spool file, so that its length costs disk (32 kB a second) and no memory.
/// Disposing removes the file. Safe to read from several threads.
/// </summary>
public sealed class PcmRecording : ISampleSource, IDisposable
{
    private const int BytesPerSample = sizeof(short);
    private readonly string _spool;
    private readonly SafeFileHandle _handle;

    internal PcmRecording(string spool, long decodedSampleCount, int decodedSampleRate)
    {
        _spool = spool;
        _handle = File.OpenHandle(spool, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.SequentialScan);
        SampleCount = RandomAccess.GetLength(_handle) / BytesPerSample;
        bool isKnown = decodedSampleCount > 0 && decodedSampleRate > 0
            && Math.Abs(((double)decodedSampleCount / decodedSampleRate) - ((double)SampleCount / AudioFormat.SampleRate)) < 0.01;
        DecodedSampleCount = isKnown ? decodedSampleCount : SampleCount;
        DecodedSampleRate = isKnown ? decodedSampleRate : AudioFormat.SampleRate;
    }

    /// <inheritdoc/>
    public long SampleCount { get; }

    /// <summary>Samples as decoded, before resampling; their number over their rate is the recording's exact length.</summary>
    public long DecodedSampleCount { get; }

    /// <summary>Rate of the samples as decoded, a second.</summary>
    public int DecodedSampleRate { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the recording.</exception>
    /// <exception cref="LatentSyncException">The spool file was damaged by someone else.</exception>
    public void Read(long start, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + destination.Length, SampleCount, nameof(destination));
        Span<short> samples = stackalloc short[1024];
        while (destination.Length > 0)
        {
            Span<short> part = samples[..Math.Min(samples.Length, destination.Length)];
            ReadFully(MemoryMarshal.AsBytes(part), start * BytesPerSample);
            for (int i = 0; i < part.Length; i++)
            {
                destination[i] = part[i] / 32768f;
            }

            start += part.Length;
            destination = destination[part.Length..];
        }
    }

    /// <summary>SHA-256 of the 16-bit samples: the same sound has the same hash in any container and under any name.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public byte[] ComputeHash(CancellationToken cancellationToken = default)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        for (long offset = 0, end = SampleCount * BytesPerSample; offset < end; offset += buffer.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset));
            ReadFully(part, offset);
            hash.AppendData(part);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Closes and removes the spool file.</summary>
    public void Dispose()
    {
        _handle.Dispose();
        TemporaryFile.TryDelete(_spool);
    }

    private void ReadFully(Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(_handle, destination, offset);
            if (read == 0)
            {
                throw new LatentSyncException(LatentSyncError.Output, $"{_spool}: the spool of decoded sound was cut short while in use; leave the temporary folder alone and run again");
            }

            offset += read;
            destination = destination[read..];
        }
    }
}
