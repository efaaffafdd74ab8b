using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// The UNet's inputs for one chunk, laid out once: only the noisy latents change from step to step.
/// Channel order of the original: noisy latents, mask, masked latents, reference latents.
/// </summary>
internal sealed class UNetInput
{
    private readonly int _channelsPerItem;

    public UNetInput(FaceChunk chunk, Tensor noise, bool guided)
    {
        Batch = guided ? 2 : 1;
        Channels = (int)noise.Shape[0];
        Frames = chunk.FrameCount;
        Height = (int)noise.Shape[1];
        Width = (int)noise.Shape[2];
        _channelsPerItem = (3 * Channels) + 1;
        Sample = Tensor.Zeros(Batch, _channelsPerItem, Frames, Height, Width);
        for (int b = 0; b < Batch; b++)
        {
            FillConditioning(chunk, b);
        }

        EncoderHiddenStates = guided ? WithSilentHalf(chunk.EncoderHiddenStates) : chunk.EncoderHiddenStates;
    }

    public int Batch { get; }

    public int Channels { get; }

    public int Frames { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary><c>[B,3C+1,F,h,w]</c>.</summary>
    public Tensor Sample { get; }

    /// <summary><c>[B*F,S,D]</c>, the silent half first.</summary>
    public Tensor EncoderHiddenStates { get; }

    private int Plane => Height * Width;

    /// <summary>The noisy latents' place in the input, <c>[C,F,h,w]</c>.</summary>
    public Span<float> NoisyLatents(int batch) => Channel(batch, 0)[..(Channels * Frames * Plane)];

    private Span<float> Channel(int batch, int channel) =>
        Sample.Span[(((batch * _channelsPerItem) + channel) * Frames * Plane)..];

    private void FillConditioning(FaceChunk chunk, int batch)
    {
        for (int f = 0; f < Frames; f++)
        {
            chunk.Mask.Span.CopyTo(Channel(batch, Channels)[(f * Plane)..]);
            for (int c = 0; c < Channels; c++)
            {
                int source = ((f * Channels) + c) * Plane;
                chunk.MaskedLatents.Span.Slice(source, Plane).CopyTo(Channel(batch, Channels + 1 + c)[(f * Plane)..]);
                chunk.ReferenceLatents.Span.Slice(source, Plane).CopyTo(Channel(batch, (2 * Channels) + 1 + c)[(f * Plane)..]);
            }
        }
    }

    private static Tensor WithSilentHalf(Tensor states)
    {
        Tensor both = Tensor.Zeros(2 * states.Shape[0], states.Shape[1], states.Shape[2]);
        states.Span.CopyTo(both.Span[states.Length..]);
        return both;
    }
}
