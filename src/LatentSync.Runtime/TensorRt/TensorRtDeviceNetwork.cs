using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.TensorRt.Engines;

namespace LatentSync.Runtime.TensorRt;

/// <summary>A TensorRT network as the pipeline runs networks on a device: the profile follows from the shapes.</summary>
/// <param name="network">The network; disposed with this object.</param>
public sealed class TensorRtDeviceNetwork(TensorRtNetwork network) : IDeviceNetwork
{
    /// <inheritdoc/>
    public IReadOnlyList<TensorContract> Inputs => network.Inputs;

    /// <inheritdoc/>
    public IReadOnlyList<TensorContract> Outputs => network.Outputs;

    /// <inheritdoc/>
    public IDeviceExecution Prepare(IReadOnlyList<DeviceTensor> tensors, CudaStream stream)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        DeviceTensor[] inputs = [.. Inputs.Select(input => Find(tensors, input))], outputs = [.. Outputs.Select(output => Find(tensors, output))];
        TensorRtExecution execution = network.CreateExecution(ProfileFor(inputs), stream);
        try
        {
            foreach (DeviceTensor input in inputs)
            {
                execution.SetShape(input.Name, [.. input.Shape]);
            }

            foreach (DeviceTensor output in outputs)
            {
                IReadOnlyList<long> shape = execution.Shape(output.Name);
                if (!shape.SequenceEqual(output.Shape))
                {
                    throw new LatentSyncException(LatentSyncError.Model, $"the engine's output {output.Name} is [{string.Join(',', shape)}], expected [{string.Join(',', output.Shape)}]; build the engine again with 'latentsync engines build --rebuild'");
                }
            }

            foreach (DeviceTensor tensor in tensors)
            {
                execution.SetAddress(tensor.Name, tensor.Data.Address);
            }

            return new Execution(execution);
        }
        catch
        {
            execution.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    private static DeviceTensor Find(IReadOnlyList<DeviceTensor> tensors, TensorContract contract)
    {
        DeviceTensor tensor = tensors.FirstOrDefault(candidate => candidate.Name == contract.Name)
            ?? throw new LatentSyncException(LatentSyncError.Model, $"the engine needs a tensor '{contract.Name}', which this version does not know; build it from a pack of this version");
        return contract.ElementType == "float"
            ? tensor
            : throw new LatentSyncException(LatentSyncError.Model, $"the engine's tensor '{contract.Name}' is {contract.ElementType}; inputs and outputs stay float32 at every precision: build it with 'latentsync engines build'");
    }

    // The first profile that takes the shapes: those for whole chunks come before those for short ones.
    private int ProfileFor(DeviceTensor[] inputs)
    {
        for (int profile = 0; profile < network.ProfileCount; profile++)
        {
            if (inputs.All(input => Takes(network.Shape(input.Name, profile), input.Shape)))
            {
                return profile;
            }
        }

        string shapes = string.Join(", ", inputs.Select(input => $"{input.Name}:{string.Join('x', input.Shape)}"));
        throw new LatentSyncException(LatentSyncError.Model, $"no profile of the engine takes {shapes}; build one for this job's resolution with 'latentsync engines build --resolution'");
    }

    private static bool Takes(ProfileShape range, IReadOnlyList<long> shape) =>
        range.Min.Count == shape.Count && shape.Select((extent, axis) => extent >= range.Min[axis] && extent <= range.Max[axis]).All(fits => fits);

    private sealed class Execution(TensorRtExecution execution) : IDeviceExecution
    {
        public long ScratchSizeInBytes { get; } = execution.ActivationSizeInBytes;

        public void UseScratch(DeviceBuffer scratch) => execution.SetMemory(scratch, 0, scratch.SizeInBytes);

        public void Enqueue(CudaStream stream) => execution.Enqueue(stream);

        public void Dispose() => execution.Dispose();
    }
}
