using System.Runtime.InteropServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary><c>lsrt_plan_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PlanInfoStruct
{
    internal long StructSize;
    internal int Major;
    internal int Minor;
    internal int Patch;
    internal int Build;
}
