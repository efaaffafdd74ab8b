using LatentSync.Kernels.Ilgpu;
using LatentSync.Kernels.Ilgpu.Device;

if (args is not [string folder])
{
    Console.Error.WriteLine("usage: LatentSync.Kernels.Ptx FOLDER (receives sm_XX/NAME.ptx and manifest.json)");
    return 2;
}

PtxCompiler.WriteAll(folder, DeviceKernels.All);
return 0;
