namespace LatentSync.Runtime;

/// <summary>One loaded network. Implementations are safe to call from one thread at a time.</summary>
public interface IInferenceEngine : IDisposable
{
    /// <summary>The inputs, in the graph's order.</summary>
    IReadOnlyList<TensorContract> Inputs { get; }

    /// <summary>The outputs, in the graph's order.</summary>
    IReadOnlyList<TensorContract> Outputs { get; }

    /// <summary>Runs the network and returns every output, in the graph's order, in memory of its own.</summary>
    /// <param name="inputs">All inputs; their memory is only read.</param>
    /// <param name="cancellationToken">Stops the run itself, not only the wait for it.</param>
    /// <exception cref="LatentSyncException">The network refuses the inputs or fails.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default);

    /// <summary>Runs the network into memory of the caller's, allocating none for results.</summary>
    /// <param name="inputs">All inputs; their memory is only read.</param>
    /// <param name="outputs">The wanted outputs with memory of the right shape.</param>
    /// <param name="cancellationToken">Stops the run itself, not only the wait for it.</param>
    /// <exception cref="LatentSyncException">The network refuses the inputs or outputs, or fails.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default);
}
