using LatentSync.Audio;
using LatentSync.Runtime;

namespace LatentSync.Tests.Audio;

/// <summary>Keeps Whisper's contract with arithmetic a test can redo: layer l, state s of a row is the sum of its two mel columns in band s, times l + 1.</summary>
internal sealed class FakeEncoder(int layers = 2, int state = 3) : IInferenceEngine
{
    public int Runs { get; private set; }

    /// <summary>Called before each run.</summary>
    public Action? BeforeRun { get; init; }

    public IReadOnlyList<TensorContract> Inputs { get; init; } = [new(WhisperFeatureExtractor.InputName, "float", [-1, 80, 3000])];

    public IReadOnlyList<TensorContract> Outputs { get; init; } = [new(WhisperFeatureExtractor.OutputName, "float", [-1, 1500, layers, state])];

    public static float Expected(ReadOnlySpan<float> mel, int columns, int row, int layer, int band) =>
        (mel[(band * columns) + (2 * row)] + mel[(band * columns) + (2 * row) + 1]) * (layer + 1);

    public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default)
    {
        BeforeRun?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        Runs++;
        Span<float> output = outputs[0].Value.Span;
        for (int row = 0, i = 0; row < 1500; row++)
        {
            for (int layer = 0; layer < layers; layer++)
            {
                for (int band = 0; band < state; band++)
                {
                    output[i++] = Expected(inputs[0].Value.Span, 3000, row, layer, band);
                }
            }
        }
    }

    public void Dispose()
    {
    }
}
