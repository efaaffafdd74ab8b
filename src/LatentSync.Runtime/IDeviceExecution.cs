using LatentSync.Runtime.Cuda;

namespace LatentSync.Runtime;

/// <summary>A network at fixed shapes and addresses. Serves one thread at a time.</summary>
public interface IDeviceExecution : IDisposable
{
    /// <summary>Bytes of scratch memory that a run needs; 0 for none.</summary>
    long ScratchSizeInBytes { get; }

    /// <summary>Gives it scratch memory; executions that never overlap may share it.</summary>
    /// <param name="scratch">At least <see cref="ScratchSizeInBytes"/>; must outlive the execution.</param>
    void UseScratch(DeviceBuffer scratch);

    /// <summary>Enqueues one run; capturable after one run that was not captured.</summary>
    /// <param name="stream">The stream.</param>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    void Enqueue(CudaStream stream);
}
