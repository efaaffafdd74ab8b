using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>Up to 16 consecutive face frames, ready to be denoised together. F is the number of frames; all latents are R/8 square.</summary>
/// <param name="Mask"><c>[R/8,R/8]</c>, 1 keep and 0 regenerate, the same for every frame.</param>
/// <param name="MaskedLatents"><c>[F,C,R/8,R/8]</c>, scaled latents of the faces with the mouth region blanked.</param>
/// <param name="ReferenceLatents"><c>[F,C,R/8,R/8]</c>, scaled latents of the same faces whole.</param>
/// <param name="EncoderHiddenStates"><c>[F,S,D]</c>, each frame's window of speech features.</param>
public sealed record FaceChunk(Tensor Mask, Tensor MaskedLatents, Tensor ReferenceLatents, Tensor EncoderHiddenStates)
{
    /// <summary>Frames in the chunk.</summary>
    public int FrameCount => (int)MaskedLatents.Shape[0];
}
