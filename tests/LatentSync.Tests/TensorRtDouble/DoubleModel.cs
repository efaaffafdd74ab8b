using System.Runtime.InteropServices;

namespace LatentSync.Tests.TensorRtDouble;

/// <summary>The beginning of <c>lsrt_double_model</c> of tests/native/doubles/nvinfer_double.h; seen only through a pointer.</summary>
internal readonly unsafe struct DoubleModel
{
#pragma warning disable CS0649 // the double fills them in
    private readonly byte* _path;
#pragma warning restore CS0649

    public string Path => Marshal.PtrToStringUTF8((nint)_path)!;
}
