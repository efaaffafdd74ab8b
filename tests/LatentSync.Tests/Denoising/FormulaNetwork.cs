using LatentSync.Runtime;

namespace LatentSync.Tests.Denoising;

/// <summary>A network by formula.</summary>
/// <param name="inputs">Its inputs.</param>
/// <param name="outputs">Its outputs, each with its shape for given inputs.</param>
/// <param name="run">Computes the outputs: tensors by name, inputs and outputs alike.</param>
internal sealed class FormulaNetwork(
    IReadOnlyList<TensorContract> inputs,
    IReadOnlyList<(TensorContract Contract, Func<IReadOnlyDictionary<string, Tensor>, long[]> Shape)> outputs,
    Action<IReadOnlyDictionary<string, Tensor>> run) : IInferenceEngine
{
    public IReadOnlyList<TensorContract> Inputs => inputs;

    public IReadOnlyList<TensorContract> Outputs { get; } = [.. outputs.Select(output => output.Contract)];

    public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> given, CancellationToken cancellationToken = default)
    {
        Dictionary<string, Tensor> values = ByName(given);
        NamedTensor[] results = [.. outputs.Select(output => new NamedTensor(output.Contract.Name, Tensor.Zeros(output.Shape(values))))];
        Run(given, results, cancellationToken);
        return [.. results.Select(result => result.Value)];
    }

    public void Run(ReadOnlySpan<NamedTensor> given, ReadOnlySpan<NamedTensor> results, CancellationToken cancellationToken = default)
    {
        Dictionary<string, Tensor> values = ByName(given);
        foreach ((TensorContract contract, Func<IReadOnlyDictionary<string, Tensor>, long[]> shape) in outputs)
        {
            Tensor result = ByName(results)[contract.Name];
            if (!result.Shape.SequenceEqual(shape(values)))
            {
                throw new InvalidOperationException($"{contract.Name} is given [{string.Join(',', result.Shape.ToArray())}], it is [{string.Join(',', shape(values))}]");
            }

            values.Add(contract.Name, result);
        }

        run(values);
    }

    public void Dispose()
    {
    }

    private static Dictionary<string, Tensor> ByName(ReadOnlySpan<NamedTensor> tensors) =>
        tensors.ToArray().ToDictionary(tensor => tensor.Name, tensor => tensor.Value, StringComparer.Ordinal);
}
