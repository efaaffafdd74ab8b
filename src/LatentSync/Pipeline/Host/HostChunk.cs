using LatentSync.Denoising;
using LatentSync.Runtime;

namespace LatentSync.Pipeline.Host;

/// <summary>Memory for a chunk's conditioning and latents, used for one chunk after another.</summary>
internal sealed class HostChunk : IDisposable
{
    private readonly Tensor _mask;
    private readonly Tensor _masked;
    private readonly Tensor _reference;
    private readonly Tensor _windows;
    private readonly ManualResetEventSlim _done = new();
    private Tensor? _latents;

    /// <param name="mask"><c>[h,w]</c>.</param>
    /// <param name="frames">Most frames.</param>
    /// <param name="channels">Latent channels.</param>
    /// <param name="windowRows">Audio tokens of a frame.</param>
    /// <param name="windowWidth">Width of a token.</param>
    public HostChunk(Tensor mask, int frames, int channels, int windowRows, int windowWidth)
    {
        _mask = mask;
        _masked = Tensor.Zeros(frames, channels, mask.Shape[0], mask.Shape[1]);
        _reference = Tensor.Zeros(_masked.Shape);
        _windows = Tensor.Zeros(frames, windowRows, windowWidth);
    }

    /// <summary>Gives the final latents, <c>[F,C,h,w]</c>, scaled, to whoever waits for them.</summary>
    public void SetLatents(Tensor latents)
    {
        _latents = latents;
        _done.Set();
    }

    /// <summary>Waits for the final latents.</summary>
    /// <exception cref="OperationCanceledException">The token was signalled before.</exception>
    public Tensor WaitForLatents(CancellationToken cancellationToken)
    {
        _done.Wait(cancellationToken);
        return _latents!;
    }

    /// <summary>Makes the memory ready for the next chunk.</summary>
    public void Clear()
    {
        _done.Reset();
        _latents = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _done.Dispose();

    /// <summary>A frame's scaled latents of the face with the mouth region blanked, <c>[C,h,w]</c>.</summary>
    public Span<float> Masked(int frame) => Of(_masked, frame);

    /// <summary>A frame's scaled latents of the whole face, <c>[C,h,w]</c>.</summary>
    public Span<float> Reference(int frame) => Of(_reference, frame);

    /// <summary>A frame's window of speech features.</summary>
    public Span<float> Window(int frame) => Of(_windows, frame);

    /// <summary>The first frames as the denoiser takes them; in the same memory.</summary>
    public FaceChunk ToFaceChunk(int frames) => new(_mask, First(_masked, frames), First(_reference, frames), First(_windows, frames));

    private static Span<float> Of(Tensor tensor, int frame)
    {
        int length = tensor.Length / (int)tensor.Shape[0];
        return tensor.Span.Slice(frame * length, length);
    }

    private static Tensor First(Tensor tensor, int frames) =>
        new(tensor.Data[..(tensor.Length / (int)tensor.Shape[0] * frames)], [frames, .. tensor.Shape[1..]]);
}
