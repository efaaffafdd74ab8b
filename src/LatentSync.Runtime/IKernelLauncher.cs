namespace LatentSync.Runtime;

/// <summary>Where kernels are launched: a stream of one device, on which every launch runs after those before it.</summary>
public interface IKernelLauncher
{
    /// <summary>
    /// Enqueues a kernel and returns without waiting for it; while the stream is being captured, the launch becomes part of the graph instead.
    /// </summary>
    /// <param name="kernel">The kernel's name, as its PTX file's without the ending.</param>
    /// <param name="extent">How many threads do work, at least 1; how they are grouped is the launcher's choice.</param>
    /// <param name="parameters">
    /// All parameters of the entry point, the extent included, one after another at their natural alignment, as the kernels' manifest lists them.
    /// Read during the call only.
    /// </param>
    /// <exception cref="LatentSyncException">There is no such kernel, or the device refuses the launch.</exception>
    void Launch(string kernel, int extent, ReadOnlySpan<byte> parameters);
}
