using System.Runtime.InteropServices;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Tests.Support;

/// <summary>
/// A network in the memory of the driver's double, which is host memory: a run is a function that the stream calls, and that runs ONNX Runtime on the
/// very addresses. It is captured and replayed as any other work. Failures are kept and thrown by the next call from C#.
/// </summary>
internal sealed class HostFunctionNetwork(IInferenceEngine engine) : IDeviceNetwork
{
    private readonly List<Execution> _executions = [];

    public IReadOnlyList<TensorContract> Inputs => engine.Inputs;

    public IReadOnlyList<TensorContract> Outputs => engine.Outputs;

    /// <summary>Runs so far, those inside launched graphs too.</summary>
    public int RunCount => _executions.Sum(execution => execution.RunCount);

    public IDeviceExecution Prepare(IReadOnlyList<DeviceTensor> tensors, CudaStream stream)
    {
        Assert.Equal([.. Inputs.Concat(Outputs).Select(tensor => tensor.Name).Order()], tensors.Select(tensor => tensor.Name).Order());
        Assert.All(tensors, tensor => Assert.Equal(tensor.Length, tensor.Data.Length));
        Assert.All(tensors, tensor => Assert.Equal(0UL, tensor.Data.Address % 256));
        Execution execution = new(engine, tensors);
        _executions.Add(execution);
        return execution;
    }

    public void Dispose() => engine.Dispose();

    private sealed class Execution : IDeviceExecution
    {
        private readonly IInferenceEngine _engine;
        private readonly NamedTensor[] _inputs;
        private readonly NamedTensor[] _outputs;
        private GCHandle _self;
        private Exception? _failure;

        public Execution(IInferenceEngine engine, IReadOnlyList<DeviceTensor> tensors)
        {
            _engine = engine;
            _inputs = [.. Bind(engine.Inputs, tensors)];
            _outputs = [.. Bind(engine.Outputs, tensors)];
            _self = GCHandle.Alloc(this);
        }

        public int RunCount { get; private set; }

        // Asked for so that the path that shares scratch memory is taken.
        public long ScratchSizeInBytes => 512;

        public void UseScratch(DeviceBuffer scratch) => Assert.True(scratch.SizeInBytes >= ScratchSizeInBytes);

        public unsafe void Enqueue(CudaStream stream)
        {
            ThrowIfFailed();
            stream.Call(&Call, (void*)GCHandle.ToIntPtr(_self));
        }

        public void Dispose()
        {
            _self.Free();
            ThrowIfFailed();
        }

        [UnmanagedCallersOnly]
        private static unsafe void Call(void* user) => ((Execution)GCHandle.FromIntPtr((nint)user).Target!).Run();

        private static unsafe IEnumerable<NamedTensor> Bind(IReadOnlyList<TensorContract> contracts, IReadOnlyList<DeviceTensor> tensors) =>
            contracts.Select(contract => tensors.First(tensor => tensor.Name == contract.Name))
                .Select(tensor => new NamedTensor(tensor.Name, new Tensor(new HostMemory((float*)tensor.Data.Address, checked((int)tensor.Data.Length)).Memory, [.. tensor.Shape])));

        private void Run()
        {
            try
            {
                _engine.Run(_inputs, _outputs);
                RunCount++;
            }
            catch (Exception exception)
            {
                _failure = exception;
            }
        }

        private void ThrowIfFailed()
        {
            if (_failure is { } failure)
            {
                throw new InvalidOperationException("the network failed in the stream", failure);
            }
        }
    }
}
