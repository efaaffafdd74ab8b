using LatentSync.Latents;
using LatentSync.Runtime;

namespace LatentSync.Tests.Latents;

public sealed class VaeEncoderTests
{
    // The sum is rounded to float32 after each operation, as torch does: every bit must agree.
    [Theory]
    [InlineData(0.18215, 0)]
    [InlineData(0.3611, 0.1159)]
    public void Encode_Mean_IsShiftedAndScaledExactly(double scale, double shift)
    {
        VaeEncoder encoder = new(new Network(), scale, shift);

        Tensor latents = encoder.Encode(Tensor.Zeros(2, 3, 24, 32), CancellationToken.None);

        Assert.Equal([2, 4, 3, 4], latents.Shape.ToArray());
        Assert.Equal(Enumerable.Range(0, 96).Select(i => (Network.Mean(i) - (float)shift) * (float)scale), latents.Span.ToArray());
    }

    private sealed class Network : IInferenceEngine
    {
        public IReadOnlyList<TensorContract> Inputs { get; } = [new("sample", "float", [-1, 3, -1, -1])];

        public IReadOnlyList<TensorContract> Outputs { get; } = [new("latent_mean", "float", [-1, 4, -1, -1])];

        public static float Mean(int i) => MathF.Sin(i) * 3;

        public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default)
        {
            Span<float> mean = outputs[0].Value.Span;
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] = Mean(i);
            }
        }

        public void Dispose()
        {
        }
    }
}
