using System.Runtime.InteropServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary><c>lsrt_build_options</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BuildOptionsStruct
{
    internal long StructSize;
    internal byte* ModelPath;
    internal ProfileShapeStruct* Shapes;
    internal long ShapeCount;
    internal long WorkspaceLimit;
    internal byte* TimingCache;
    internal long TimingCacheSize;
    internal int OptimizationLevel;
    internal int Flags;
    internal int AuxiliaryStreams;
    internal int Reserved;
}
