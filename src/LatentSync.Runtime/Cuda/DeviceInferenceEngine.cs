namespace LatentSync.Runtime.Cuda;

/// <summary>
/// A network on a device with its tensors in host memory: copies them up and down around each run. For what runs rarely, and for comparing a device's
/// results with the CPU's; the pipeline's own path keeps tensors on the device. A run that is under way on the device goes to its end: the token is looked at
/// before and after it.
/// </summary>
public sealed class DeviceInferenceEngine : IInferenceEngine
{
    private readonly IDeviceNetwork _network;
    private readonly CudaStream _stream;
    private readonly DeviceScratch _scratch;

    /// <summary>Takes a network over.</summary>
    /// <param name="network">The network; disposed with this object.</param>
    /// <param name="stream">Where it runs; must outlive this object.</param>
    public DeviceInferenceEngine(IDeviceNetwork network, CudaStream stream)
    {
        (_network, _stream, _scratch) = (network, stream, new DeviceScratch(stream));
    }

    /// <inheritdoc/>
    public IReadOnlyList<TensorContract> Inputs => _network.Inputs;

    /// <inheritdoc/>
    public IReadOnlyList<TensorContract> Outputs => _network.Outputs;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always where an output's extents do not follow from the contract: give memory of the right shape.</exception>
    public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default)
    {
        NamedTensor[] outputs = new NamedTensor[Outputs.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            TensorContract contract = Outputs[i];
            if (contract.Shape.Any(extent => extent < 0))
            {
                throw new NotSupportedException($"{contract.Name} has dynamic extents: call the overload that takes memory for the outputs");
            }

            outputs[i] = new NamedTensor(contract.Name, Tensor.Zeros([.. contract.Shape]));
        }

        Run(inputs, outputs, cancellationToken);
        return [.. outputs.Select(output => output.Value)];
    }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (outputs.Length != Outputs.Count)
        {
            throw new LatentSyncException(LatentSyncError.Usage, $"memory for {outputs.Length} of {Outputs.Count} outputs was given: on a device every output needs a place");
        }

        List<DeviceBuffer> buffers = [];
        try
        {
            List<DeviceTensor> tensors = [];
            foreach (NamedTensor tensor in (NamedTensor[])[.. inputs, .. outputs])
            {
                DeviceBuffer buffer = _stream.Allocate(Math.Max(1, tensor.Value.Length) * (long)sizeof(float));
                buffers.Add(buffer);
                tensors.Add(new DeviceTensor(tensor.Name, tensor.Value.Shape.ToArray(), buffer.View<float>(0, tensor.Value.Length)));
            }

            for (int i = 0; i < inputs.Length; i++)
            {
                _stream.UploadAndWait<float>(inputs[i].Value.Span, buffers[i]);
            }

            using IDeviceExecution execution = _network.Prepare(tensors, _stream, _scratch);
            _scratch.Provide();
            cancellationToken.ThrowIfCancellationRequested();
            execution.Enqueue(_stream);
            for (int i = 0; i < outputs.Length; i++)
            {
                _stream.DownloadAndWait(buffers[inputs.Length + i], outputs[i].Value.Span);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            buffers.ForEach(buffer => buffer.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scratch.Dispose();
        _network.Dispose();
    }
}
