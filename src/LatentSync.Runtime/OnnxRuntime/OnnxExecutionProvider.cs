namespace LatentSync.Runtime.OnnxRuntime;

/// <summary>What ONNX Runtime runs a network on.</summary>
public enum OnnxExecutionProvider
{
    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>NVIDIA GPUs through cuDNN; only in builds with <c>-p:OnnxRuntimeGpu=true</c>.</summary>
    Cuda,

    /// <summary>NVIDIA GPUs through TensorRT, inside ONNX Runtime; only in builds with <c>-p:OnnxRuntimeGpu=true</c>.</summary>
    TensorRt,
}
