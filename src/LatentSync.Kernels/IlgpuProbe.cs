using ILGPU;
using ILGPU.Runtime;
using LatentSync.Kernels.Ilgpu;
using LatentSync.Runtime.Diagnostics;

namespace LatentSync.Kernels;

/// <summary>Looks for the devices that ILGPU can run the kernels on.</summary>
public static class IlgpuProbe
{
    /// <summary>ILGPU's devices by name; found means one that is not the CPU stand-in. Does not throw for what is missing.</summary>
    public static ProbeResult Devices()
    {
        const string name = "ILGPU devices";
        try
        {
            CudaDriverResolver.Register();
            using Context context = Context.Create(builder => builder.AllAccelerators());
            Device[] devices = [.. context.Devices];
            string detail = string.Join(", ", devices.Select(device => $"{device.Name} ({device.AcceleratorType})"));
            bool accelerated = devices.Any(device => device.AcceleratorType != AcceleratorType.CPU);
            return new ProbeResult(name, accelerated, detail, accelerated ? string.Empty : "only the CPU stand-in: the kernels run on the CPU's vector units; a GPU needs its driver");
        }
        catch (Exception exception)
        {
            // Any driver may fail in its own way; a probe only tells.
            return new ProbeResult(name, false, exception.Message.ReplaceLineEndings(" "), "check the GPU driver");
        }
    }
}
