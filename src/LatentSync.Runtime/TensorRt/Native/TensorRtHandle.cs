using System.Runtime.InteropServices;
using LatentSync.Runtime.Native;
using Microsoft.Win32.SafeHandles;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary>Owns an <c>lsrt_tensorrt</c>.</summary>
internal sealed unsafe partial class TensorRtHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>For the marshaller, which fills it in.</summary>
    public TensorRtHandle()
        : base(ownsHandle: true)
    {
    }

    internal string Path => NativeText.Read((byte* buffer, long capacity, out long length) => GetPath(this, buffer, capacity, out length));

    /// <summary>The parser's path, or why there is none.</summary>
    internal string OnnxParserPath =>
        NativeText.Read((byte* buffer, long capacity, out long length) => GetOnnxParserPath(this, buffer, capacity, out length));

    internal TensorRtInfoStruct Info
    {
        get
        {
            TensorRtInfoStruct info = new() { StructSize = sizeof(TensorRtInfoStruct) };
            NativeError.ThrowIfFailed(GetInfo(this, ref info));
            return info;
        }
    }

    internal static TensorRtHandle Create(string? directory, int major)
    {
        NativeLibraryLoader.EnsureLoaded();
        fixed (byte* path = NativeText.ToBytes(directory))
        {
            TensorRtOptionsStruct options = new() { StructSize = sizeof(TensorRtOptionsStruct), Directory = path, Major = major };
            NativeError.ThrowIfFailed(Create(in options, out TensorRtHandle tensorRt));
            return tensorRt;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Destroy(handle) == NativeStatus.Ok;

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_tensorrt_create")]
    private static partial NativeStatus Create(in TensorRtOptionsStruct options, out TensorRtHandle tensorRt);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_tensorrt_destroy")]
    private static partial NativeStatus Destroy(nint tensorRt);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_tensorrt_info_get")]
    private static partial NativeStatus GetInfo(TensorRtHandle tensorRt, ref TensorRtInfoStruct info);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_tensorrt_path")]
    private static partial NativeStatus GetPath(TensorRtHandle tensorRt, byte* buffer, long capacity, out long length);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_tensorrt_onnx_parser_path")]
    private static partial NativeStatus GetOnnxParserPath(TensorRtHandle tensorRt, byte* buffer, long capacity, out long length);
}
