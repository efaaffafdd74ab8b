using System.Runtime.InteropServices;

namespace LatentSync.Tests.TensorRtDouble;

/// <summary>Asks a loaded double for its counts.</summary>
internal static unsafe class DoubleLibrary
{
    public static long Count(nint library, string export) => ((delegate* unmanaged<long>)NativeLibrary.GetExport(library, export))();

    public static long Count(nint library, string export, int what) => ((delegate* unmanaged<int, long>)NativeLibrary.GetExport(library, export))(what);
}
