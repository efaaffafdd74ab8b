namespace LatentSync.Runtime.Cuda;

/// <summary>How many threads of a kernel a multiprocessor holds at a time, of those that it could.</summary>
/// <param name="Threads">Threads of a block, as asked.</param>
/// <param name="BlocksPerMultiprocessor">Blocks of that size that fit beside each other.</param>
/// <param name="MostThreadsPerMultiprocessor">Threads that the multiprocessor holds at most, of any kernel.</param>
/// <param name="BestThreads">The size of block with which the driver fills a multiprocessor best.</param>
/// <param name="RegistersPerThread">Registers that each thread takes.</param>
/// <param name="SharedMemoryInBytes">Static shared memory that each block takes.</param>
/// <param name="LocalMemoryInBytes">Memory that each thread spills to.</param>
public sealed record KernelOccupancy(
    int Threads,
    int BlocksPerMultiprocessor,
    int MostThreadsPerMultiprocessor,
    int BestThreads,
    int RegistersPerThread,
    int SharedMemoryInBytes,
    int LocalMemoryInBytes)
{
    /// <summary>Resident threads over the most there can be, from 0 to 1.</summary>
    public double Fraction => (double)BlocksPerMultiprocessor * Threads / MostThreadsPerMultiprocessor;
}
