using System.Reflection;
using ILGPU;

namespace LatentSync.Kernels.Ilgpu.Device;

/// <summary>The list of all kernels: what is compiled ahead of time to PTX.</summary>
public static class DeviceKernels
{
    /// <summary>
    /// Every kernel: the public static methods of this namespace whose first parameter is an <see cref="Index1D"/>, by name. Its entry point in PTX is
    /// <c>Kernel_NAME</c>: first the extent (int32), then the parameters in order; a view is 16 bytes, pointer and length (int64).
    /// </summary>
    public static IReadOnlyList<MethodInfo> All { get; } =
    [
        .. typeof(DeviceKernels).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(DeviceKernels).Namespace && type.IsPublic)
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(Index1D))
            .OrderBy(method => method.Name, StringComparer.Ordinal),
    ];
}
