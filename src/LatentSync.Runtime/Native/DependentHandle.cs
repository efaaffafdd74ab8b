using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Runtime.Native;

/// <summary>Owns a native object that was made from others; those are not destroyed before it, whoever disposes them when.</summary>
internal abstract class DependentHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly List<SafeHandle> _parents = [];

    protected DependentHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>To be called once, by whoever created the object.</summary>
    internal void KeepAlive(params ReadOnlySpan<SafeHandle> parents)
    {
        foreach (SafeHandle parent in parents)
        {
            bool added = false;
            parent.DangerousAddRef(ref added);
            _parents.Add(parent);
        }
    }

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        bool destroyed = DestroyNative(handle) == NativeStatus.Ok;
        foreach (SafeHandle parent in _parents)
        {
            parent.DangerousRelease();
        }

        return destroyed;
    }

    /// <summary>Calls the object's destroy function.</summary>
    private protected abstract NativeStatus DestroyNative(nint native);
}
