using System.Runtime.InteropServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary><c>lsrt_engine_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EngineInfoStruct
{
    internal long StructSize;
    internal long WeightsSize;
    internal long ActivationSize;
    internal int TensorCount;
    internal int ProfileCount;
    internal int LayerCount;
    internal int IsRefittable;
}
