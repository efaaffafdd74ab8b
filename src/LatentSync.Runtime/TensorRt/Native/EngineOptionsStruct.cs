using System.Runtime.InteropServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary><c>lsrt_engine_options</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EngineOptionsStruct
{
    internal long StructSize;
    internal long WeightStreamingBudget;
}
