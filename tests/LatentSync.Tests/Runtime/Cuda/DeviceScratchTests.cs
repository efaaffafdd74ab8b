using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.Exceptions;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.Cuda;

[Collection(DriverDouble.Collection)]
public class DeviceScratchTests
{
    [SkippableFact]
    public void Provide_SeveralExecutions_ShareOneBufferOfTheLargestNeed()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        using DeviceScratch scratch = new(stream);
        Network network = new(1000, 3000, 2000);
        IDeviceExecution[] prepared = [.. Enumerable.Range(0, 3).Select(_ => network.Prepare([], stream, scratch))];
        scratch.Provide();
        Assert.Equal(3000, scratch.SizeInBytes);
        Assert.Single(network.Executions.Select(execution => execution.Scratch).Distinct());
        Array.ForEach(prepared, execution => execution.Dispose());
    }

    // A job that finds no memory is tried once more, with executions of its own.
    [SkippableFact]
    public void Provide_NoMemory_ForgetsExecutionsThatAreDisposed()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        using DeviceScratch scratch = new(stream);
        Network network = new(1 << 20, 256, 512);
        IDeviceExecution failed = network.Prepare([], stream, scratch), kept = network.Prepare([], stream, scratch);
        driver.SetMemoryLimit(1 << 10);
        Assert.Throws<DeviceOutOfMemoryException>(scratch.Provide);
        failed.Dispose();
        using IDeviceExecution next = network.Prepare([], stream, scratch);
        scratch.Provide();
        Assert.Equal(512, scratch.SizeInBytes);
        Assert.Equal([false, true, true], network.Executions.Select(execution => execution.Scratch is not null));
        kept.Dispose();
    }

    [SkippableFact]
    public void Provide_NoMemoryButRoomIsMade_TriesAgain()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        driver.SetMemoryLimit(256);
        using DeviceScratch scratch = new(stream, () =>
        {
            driver.SetMemoryLimit(-1);
            return true;
        });
        using IDeviceExecution execution = new Network(4096).Prepare([], stream, scratch);
        scratch.Provide();
        Assert.Equal(4096, scratch.SizeInBytes);
    }

    /// <summary>A network whose executions need so much scratch memory, one after the other.</summary>
    private sealed class Network(params long[] needs) : IDeviceNetwork
    {
        public List<Execution> Executions { get; } = [];

        public IReadOnlyList<TensorContract> Inputs => [];

        public IReadOnlyList<TensorContract> Outputs => [];

        public IDeviceExecution Prepare(IReadOnlyList<DeviceTensor> tensors, CudaStream stream)
        {
            Executions.Add(new Execution(needs[Executions.Count]));
            return Executions[^1];
        }

        public void Dispose()
        {
        }
    }

    private sealed class Execution(long need) : IDeviceExecution
    {
        private bool _isDisposed;

        public DeviceBuffer? Scratch { get; private set; }

        public long ScratchSizeInBytes => need;

        public void UseScratch(DeviceBuffer scratch)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Scratch = scratch;
        }

        public void Enqueue(CudaStream stream) => throw new NotSupportedException();

        public void Dispose() => _isDisposed = true;
    }
}
