using System.Runtime.InteropServices;
using LatentSync.Runtime.TensorRt.Native;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>
/// Owns a native object that was made from another one, which it keeps alive: whatever order managed objects are disposed or finalised in, the
/// native ones are destroyed children first, as the interface asks.
/// </summary>
internal abstract class ChildHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private SafeHandle? _parent;

    protected ChildHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Keeps the parent's native object until this one's is destroyed; to be called once, right after creation.</summary>
    protected void KeepAlive(SafeHandle parent)
    {
        bool added = false;
        parent.DangerousAddRef(ref added);
        _parent = parent;
    }

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        bool destroyed = Destroy(handle) == NativeStatus.Ok;
        _parent?.DangerousRelease();
        return destroyed;
    }

    /// <summary>Calls the object's destroy function.</summary>
    private protected abstract NativeStatus Destroy(nint native);
}
