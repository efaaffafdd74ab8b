using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Runtime.Native;

/// <summary>Owns a native object that was made from others; those are not destroyed before it, whoever disposes them when.</summary>
internal abstract class DependentHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private SafeHandle[] _parents = [];

    protected DependentHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Calls a create function.</summary>
    internal delegate NativeStatus Creation<THandle>(out THandle created);

    /// <summary>
    /// Makes an object. Its parents are held from before the call: one that another thread disposes meanwhile must not be gone when the object is there.
    /// </summary>
    /// <param name="create">Makes it.</param>
    /// <param name="parents">What it was made from.</param>
    /// <exception cref="ObjectDisposedException">A parent is disposed.</exception>
    /// <exception cref="LatentSyncException">The native library refuses.</exception>
    internal static THandle Create<THandle>(Creation<THandle> create, params ReadOnlySpan<SafeHandle> parents)
        where THandle : DependentHandle
    {
        SafeHandle[] held = parents.ToArray();
        int count = 0;
        try
        {
            for (; count < held.Length; count++)
            {
                bool added = false;
                held[count].DangerousAddRef(ref added);
            }

            NativeError.ThrowIfFailed(create(out THandle created));
            created._parents = held;
            return created;
        }
        catch
        {
            Release(held.AsSpan(0, count));
            throw;
        }
    }

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        bool destroyed = DestroyNative(handle) == NativeStatus.Ok;
        Release(_parents);
        return destroyed;
    }

    /// <summary>Calls the object's destroy function.</summary>
    private protected abstract NativeStatus DestroyNative(nint native);

    private static void Release(ReadOnlySpan<SafeHandle> parents)
    {
        foreach (SafeHandle parent in parents)
        {
            parent.DangerousRelease();
        }
    }
}
