namespace LatentSync.Runtime.Cuda;

/// <summary>
/// Looks closer at GPUs than running networks needs to: for choosing launch shapes and for deciding whether two GPUs can share memory.
/// The project LatentSync.ManagedCuda implements it; the product does without.
/// </summary>
public interface ICudaInspector
{
    /// <summary>How many GPUs the driver shows; they are numbered from 0.</summary>
    /// <exception cref="LatentSyncException">There is no driver, or it fails.</exception>
    int DeviceCount { get; }

    /// <summary>Bytes that nobody uses on a whole GPU.</summary>
    /// <param name="device">The GPU's number.</param>
    /// <exception cref="LatentSyncException">There is no such GPU, or the driver fails.</exception>
    long FreeMemoryInBytes(int device);

    /// <summary>Whether a GPU can read and write another's memory without a detour through the host.</summary>
    /// <param name="device">The GPU that would.</param>
    /// <param name="peer">Whose memory it is.</param>
    /// <exception cref="LatentSyncException">There is no such GPU, or the driver fails.</exception>
    bool CanAccessPeer(int device, int peer);

    /// <summary>How full a kernel keeps a GPU, without dynamic shared memory.</summary>
    /// <param name="device">The GPU's number.</param>
    /// <param name="ptx">The module's text.</param>
    /// <param name="entry">The kernel's entry point in it.</param>
    /// <param name="threads">Threads of a block, above 0.</param>
    /// <exception cref="LatentSyncException">There is no such GPU or entry point, or the driver refuses the text.</exception>
    KernelOccupancy Occupancy(int device, string ptx, string entry, int threads);

    /// <summary>Time on the GPU, between two events, of one copy inside its memory.</summary>
    /// <param name="device">The GPU's number.</param>
    /// <param name="sizeInBytes">How much is copied, above 0; twice that is allocated meanwhile.</param>
    /// <exception cref="LatentSyncException">There is no such GPU, not enough memory, or the driver fails.</exception>
    TimeSpan TimeCopy(int device, long sizeInBytes);
}
