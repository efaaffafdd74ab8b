using System.Runtime.InteropServices;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_kernel</c>; keeps its module alive.</summary>
internal sealed unsafe partial class KernelHandle : DependentHandle
{
    internal static KernelHandle Create(CudaModuleHandle module, string entry) => Create((out KernelHandle kernel) => Create(module, entry, out kernel), module);

    internal void Launch(StreamHandle stream, uint blocks, uint threads, ReadOnlySpan<byte> parameters)
    {
        LaunchStruct launch = new()
        {
            StructSize = sizeof(LaunchStruct),
            GridX = blocks,
            GridY = 1,
            GridZ = 1,
            BlockX = threads,
            BlockY = 1,
            BlockZ = 1,
        };
        fixed (byte* pointer = parameters)
        {
            NativeError.ThrowIfFailed(Launch(this, stream, in launch, pointer, parameters.Length));
        }
    }

    private protected override NativeStatus DestroyNative(nint native) => Destroy(native);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_kernel_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial NativeStatus Create(CudaModuleHandle module, string entry, out KernelHandle kernel);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_kernel_destroy")]
    private static partial NativeStatus Destroy(nint kernel);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_kernel_launch")]
    private static partial NativeStatus Launch(KernelHandle kernel, StreamHandle stream, in LaunchStruct launch, byte* parameters, long size);
}
