using System.Reflection;
using System.Runtime.InteropServices;

namespace LatentSync.Kernels.Ilgpu;

/// <summary>
/// ILGPU asks for <c>libcuda.so</c>, a link that only development packages install; drivers come with <c>libcuda.so.1</c>. Registered once, before ILGPU's
/// first call into the driver.
/// </summary>
internal static class CudaDriverResolver
{
    private static readonly Lazy<bool> Registration = new(() =>
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(ILGPU.Context).Assembly, Resolve);
            return true;
        }
        catch (InvalidOperationException)
        {
            // The host program has set a resolver of its own for ILGPU: it decides.
            return false;
        }
    });

    public static void Register() => _ = Registration.Value;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        bool isDriver = name is "cuda" or "libcuda" or "libcuda.so";
        return isDriver && OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libcuda.so.1", out nint handle) ? handle : 0;
    }
}
