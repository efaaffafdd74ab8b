using System.Runtime.InteropServices;
using System.Text;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_module</c>; keeps its device alive.</summary>
internal sealed unsafe partial class CudaModuleHandle : DependentHandle
{
    internal static CudaModuleHandle Create(DeviceHandle device, string ptx)
    {
        byte[] text = Encoding.UTF8.GetBytes(ptx);
        return Create(
            (out CudaModuleHandle module) =>
            {
                fixed (byte* pointer = text)
                {
                    return Create(device, pointer, text.Length, out module);
                }
            },
            device);
    }

    private protected override NativeStatus DestroyNative(nint native) => Destroy(native);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_module_create")]
    private static partial NativeStatus Create(DeviceHandle device, byte* ptx, long length, out CudaModuleHandle module);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_module_destroy")]
    private static partial NativeStatus Destroy(nint module);
}
