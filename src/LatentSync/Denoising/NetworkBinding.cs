using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// A network over a table of named tensors: reads its inputs there, writes its outputs there. An output that the table lacks is allocated by the first run,
/// since only the network knows its size; later runs write into the same memory.
/// </summary>
internal sealed class NetworkBinding(IInferenceEngine network, Dictionary<string, Tensor> values)
{
    private NamedTensor[]? _inputs;
    private NamedTensor[]? _outputs;

    /// <exception cref="LatentSyncException">The table lacks an input, or the network fails.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        _inputs ??= [.. network.Inputs.Select(input => new NamedTensor(input.Name, Find(input.Name)))];
        if (_outputs is null && network.Outputs.Any(output => !values.ContainsKey(output.Name)))
        {
            IReadOnlyList<Tensor> results = network.Run(_inputs, cancellationToken);
            for (int i = 0; i < results.Count; i++)
            {
                if (!values.TryAdd(network.Outputs[i].Name, results[i]))
                {
                    results[i].Span.CopyTo(values[network.Outputs[i].Name].Span);
                }
            }

            return;
        }

        _outputs ??= [.. network.Outputs.Select(output => new NamedTensor(output.Name, values[output.Name]))];
        network.Run(_inputs, _outputs, cancellationToken);
    }

    private Tensor Find(string name) => values.TryGetValue(name, out Tensor? value)
        ? value
        : throw new LatentSyncException(LatentSyncError.Model, $"the UNet has an input '{name}' that nothing fills: import the checkpoints again with this version");
}
