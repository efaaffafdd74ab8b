using System.Runtime.InteropServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary><c>lsrt_callbacks</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CallbacksStruct
{
    internal long StructSize;
    internal delegate* unmanaged[Cdecl]<void*, int, byte*, void> Log;
    internal delegate* unmanaged[Cdecl]<void*, byte*, int, int, int, int> Progress;
    internal void* User;
}
