using System.Runtime.InteropServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary><c>lsrt_profile_shape</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ProfileShapeStruct
{
    internal byte* Input;
    internal int Profile;
    internal int Rank;
    internal ExtentsBuffer Min;
    internal ExtentsBuffer Opt;
    internal ExtentsBuffer Max;
}
