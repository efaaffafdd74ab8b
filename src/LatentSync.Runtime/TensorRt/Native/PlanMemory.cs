using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary>A plan's bytes outside the managed heap, where they may take more than 2 GiB: a copy, so that what was verified is what TensorRT sees.</summary>
internal sealed unsafe class PlanMemory : SafeBuffer
{
    private const int WindowInBytes = 4 << 20;

    private PlanMemory(long size)
        : base(ownsHandle: true)
    {
        SetHandle((nint)NativeMemory.Alloc((nuint)size));
        Initialize((ulong)size);
    }

    /// <summary>The bytes; they live as long as this object.</summary>
    internal byte* Pointer => (byte*)handle;

    /// <summary>How many there are.</summary>
    internal long Size => (long)ByteLength;

    /// <summary>Copies the rest of a stream, hashing what is copied.</summary>
    /// <param name="stream">At the plan's first byte.</param>
    /// <param name="size">The plan's size, known to be there.</param>
    /// <param name="sha256">Hash of the bytes copied.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    /// <exception cref="EndOfStreamException">The stream ends before.</exception>
    internal static PlanMemory Copy(Stream stream, long size, out byte[] sha256, CancellationToken cancellationToken)
    {
        PlanMemory memory = new(size);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long at = 0; at < size;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<byte> window = new(memory.Pointer + at, (int)Math.Min(WindowInBytes, size - at));
                stream.ReadExactly(window);
                hash.AppendData(window);
                at += window.Length;
            }

            sha256 = hash.GetHashAndReset();
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
