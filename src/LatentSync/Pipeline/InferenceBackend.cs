namespace LatentSync.Pipeline;

/// <summary>What runs UNet and VAE.</summary>
public enum InferenceBackend
{
    /// <summary>TensorRT where its library, a GPU and the pack's engines are there, else ONNX Runtime.</summary>
    Auto,

    /// <summary>ONNX Runtime: the baseline, and the path without a GPU.</summary>
    Onnx,

    /// <summary>TensorRT; a machine that cannot is an error.</summary>
    TensorRt,
}
