using LatentSync.Runtime;

namespace LatentSync.Tests.Denoising;

/// <summary>
/// A denoiser by formula, of any size: every prediction depends on the latents, on each channel of the conditioning, on the timestep and on the frame's
/// words. It takes latents and conditioning as one input or as two.
/// </summary>
internal sealed class SmallUNet : IInferenceEngine
{
    private const int Channels = 4, Constant = (2 * Channels) + 1;

    private readonly bool _isSplit;

    public SmallUNet(bool isSplit)
    {
        _isSplit = isSplit;
        TensorContract timestep = new("timestep", "float", [1]) { Changes = InputChange.Step };
        TensorContract speech = new("encoder_hidden_states", "float", [-1, -1, -1]) { Changes = InputChange.Chunk };
        Inputs = isSplit
            ?
            [
                Feature("conditioning", Constant) with { Changes = InputChange.Chunk }, Feature("noisy_latents", Channels) with { Changes = InputChange.Step }, speech, timestep,
            ]
            : [Feature("sample", Channels + Constant) with { Changes = InputChange.Step, ChunkChannels = [Channels, Channels + Constant] }, timestep, speech];
    }

    public IReadOnlyList<TensorContract> Inputs { get; }

    public IReadOnlyList<TensorContract> Outputs { get; } = [Feature("out_sample", Channels)];

    public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default)
    {
        Dictionary<string, Tensor> named = inputs.ToArray().ToDictionary(tensor => tensor.Name, tensor => tensor.Value, StringComparer.Ordinal);
        Tensor output = outputs[0].Value, speech = named["encoder_hidden_states"];
        int items = (int)output.Shape[0], frames = (int)output.Shape[2], plane = (int)(output.Shape[3] * output.Shape[4]), words = speech.Length / items / frames;
        for (int i = 0; i < output.Length; i++)
        {
            int pixel = i % plane, frame = i / plane % frames, channel = i / plane / frames % Channels, item = i / plane / frames / Channels;
            float value = 0.5f * Noisy(item, channel, frame, pixel);
            for (int c = 0; c < Constant; c++)
            {
                value += (0.01f + (0.003f * c)) * Conditioning(item, c, frame, pixel);
            }

            value += named["timestep"].Span[0] / 10_000;
            value += speech.Span.Slice(((item * frames) + frame) * words, words)[pixel % words];
            output.Span[i] = value;
        }

        float At(string name, int channels, int item, int channel, int frame, int pixel) =>
            named[name].Span[(((((item * channels) + channel) * frames) + frame) * plane) + pixel];

        float Noisy(int item, int channel, int frame, int pixel) => _isSplit
            ? At("noisy_latents", Channels, item, channel, frame, pixel)
            : At("sample", Channels + Constant, item, channel, frame, pixel);

        float Conditioning(int item, int channel, int frame, int pixel) => _isSplit
            ? At("conditioning", Constant, item, channel, frame, pixel)
            : At("sample", Channels + Constant, item, Channels + channel, frame, pixel);
    }

    public void Dispose()
    {
    }

    private static TensorContract Feature(string name, int channels) => new(name, "float", [-1, channels, -1, -1, -1]);
}
