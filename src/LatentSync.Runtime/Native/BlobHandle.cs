using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Runtime.Native;

/// <summary>Owns an <c>lsrt_blob</c>: bytes that stay where they are until it is released.</summary>
internal sealed unsafe partial class BlobHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>For the marshaller, which fills it in.</summary>
    public BlobHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>A copy, for what is known to be small.</summary>
    /// <exception cref="OverflowException">It has 2 GiB or more.</exception>
    internal byte[] ToArray()
    {
        NativeError.ThrowIfFailed(GetData(this, out byte* data, out long size));
        return new ReadOnlySpan<byte>(data, checked((int)size)).ToArray();
    }

    /// <summary>The bytes as a stream, which releases them when it is disposed.</summary>
    internal Stream OpenRead()
    {
        NativeError.ThrowIfFailed(GetData(this, out byte* data, out long size));
        return new BlobStream(this, data, size);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Destroy(handle) == NativeStatus.Ok;

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_blob_data")]
    private static partial NativeStatus GetData(BlobHandle blob, out byte* data, out long size);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_blob_destroy")]
    private static partial NativeStatus Destroy(nint blob);

    private sealed class BlobStream(BlobHandle blob, byte* data, long size) : UnmanagedMemoryStream(data, size)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
            {
                blob.Dispose();
            }
        }
    }
}
