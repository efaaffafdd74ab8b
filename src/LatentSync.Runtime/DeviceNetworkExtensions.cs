using LatentSync.Runtime.Cuda;

namespace LatentSync.Runtime;

/// <summary>What every use of a network on a device needs.</summary>
public static class DeviceNetworkExtensions
{
    /// <summary>Prepares runs at fixed shapes, with scratch memory to come (<see cref="DeviceScratch.Provide"/>).</summary>
    /// <param name="network">The network.</param>
    /// <param name="tensors">Every input and output.</param>
    /// <param name="stream">Where it runs.</param>
    /// <param name="scratch">Scratch memory of that stream.</param>
    /// <returns>The prepared runs; may be disposed before they got their memory, as happens where there is not enough.</returns>
    /// <exception cref="LatentSyncException">The network does not take these tensors, or there is not enough memory.</exception>
    public static IDeviceExecution Prepare(this IDeviceNetwork network, IReadOnlyList<DeviceTensor> tensors, CudaStream stream, DeviceScratch scratch)
    {
        IDeviceExecution execution = network.Prepare(tensors, stream);
        scratch.Add(execution);
        return new Scratched(execution, scratch);
    }

    private sealed class Scratched(IDeviceExecution execution, DeviceScratch scratch) : IDeviceExecution
    {
        public long ScratchSizeInBytes => execution.ScratchSizeInBytes;

        public void UseScratch(DeviceBuffer memory) => execution.UseScratch(memory);

        public void Enqueue(CudaStream stream) => execution.Enqueue(stream);

        public void Dispose()
        {
            scratch.Remove(execution);
            execution.Dispose();
        }
    }
}
