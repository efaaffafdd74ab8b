using LatentSync.Runtime.Cuda;

namespace LatentSync.Runtime;

/// <summary>A network whose inputs and outputs are in device memory. Serves one thread at a time.</summary>
public interface IDeviceNetwork : IDisposable
{
    /// <summary>The inputs, in the graph's order.</summary>
    IReadOnlyList<TensorContract> Inputs { get; }

    /// <summary>The outputs, in the graph's order.</summary>
    IReadOnlyList<TensorContract> Outputs { get; }

    /// <summary>Prepares runs at fixed shapes.</summary>
    /// <param name="tensors">Every input and output, with its shape and its place: enough memory for the shape, 256-byte aligned.</param>
    /// <param name="stream">Where preparation is enqueued, and waited for.</param>
    /// <returns>The prepared runs; they must be disposed before the network.</returns>
    /// <exception cref="LatentSyncException">The network does not take these tensors.</exception>
    IDeviceExecution Prepare(IReadOnlyList<DeviceTensor> tensors, CudaStream stream);
}
