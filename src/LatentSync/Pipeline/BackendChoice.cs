using LatentSync.Pipeline.Gpu;

namespace LatentSync.Pipeline;

/// <summary>What runs UNet and VAE.</summary>
/// <param name="Name">For reports: <c>ONNX Runtime (cpu, fp32)</c>, <c>TensorRT 10.16.1 (fp16, NVIDIA ...)</c>.</param>
/// <param name="Reason">Why not the better one; null where the best was taken or this one asked for.</param>
/// <param name="Gpu">The networks on a GPU; null for ONNX Runtime.</param>
internal sealed record BackendChoice(string Name, string? Reason, DeviceEngines? Gpu);
