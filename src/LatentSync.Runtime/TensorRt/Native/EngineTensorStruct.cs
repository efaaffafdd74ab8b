using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary><c>lsrt_engine_tensor</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EngineTensorStruct
{
    internal long StructSize;
    internal ExtentsBuffer Extents;
    internal int Rank;
    internal int ElementType;
    internal int IsInput;
    internal int Reserved;
    internal NameBuffer Name;

    /// <summary>256 bytes of UTF-8 with a closing zero.</summary>
    [InlineArray(256)]
    internal struct NameBuffer
    {
        private byte _first;
    }
}
