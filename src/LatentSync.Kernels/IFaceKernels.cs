namespace LatentSync.Kernels;

/// <summary>
/// The pixel and latent arithmetic around the networks. Every backend computes the same; host memory goes in and comes out. Inputs are read only during the call.
/// </summary>
public interface IFaceKernels
{
    /// <summary>What computes, for reports: for instance <c>SIMD (AVX2)</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Affine warp of a frame into a crop: bilinear with true float32 weights, pixel centres on integers, border 127, truncated to bytes.
    /// </summary>
    /// <param name="frame">The frame.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's.</param>
    /// <param name="crop">Receives the crop, <see cref="CropSize"/> large.</param>
    /// <exception cref="InvalidOperationException">The transform is singular or not finite.</exception>
    void Warp(RgbImage frame, AffineTransform frameToCrop, RgbImage crop);

    /// <summary>OpenCV's byte INTER_LANCZOS4 resize: weights of 11 bits, one rounding, edge pixels repeated.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="destination">Receives it at its own size.</param>
    void ResizeLanczos4(RgbImage source, RgbImage destination);

    /// <summary>Turns a face into the encoder's inputs: <c>bytes/255*2-1</c>, and the same times the mask.</summary>
    /// <param name="face">The face, R x R.</param>
    /// <param name="mask"><c>[R,R]</c>, 1 = keep, 0 = regenerate.</param>
    /// <param name="pixels">Receives <c>[3,R,R]</c>, -1..1.</param>
    /// <param name="maskedPixels">Receives <c>[3,R,R]</c>.</param>
    /// <exception cref="ArgumentException">A buffer is too short.</exception>
    void NormalizeAndMask(RgbImage face, ReadOnlySpan<float> mask, Span<float> pixels, Span<float> maskedPixels);

    /// <summary>
    /// Puts a face back into its frame, in place: antialiased bicubic resize (a = -0.5) to the crop's size, inverse warp,
    /// <c>clamp(x/2+0.5,0,1)*255</c>, then <c>soft*mask*face + (1-soft)*frame</c> truncated to bytes. Pixels whose soft mask is 0 are not written.
    /// </summary>
    /// <param name="frame">The frame, changed in place.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's.</param>
    /// <param name="face"><c>[3,R,R]</c>, about -1..1, not clamped.</param>
    /// <param name="resolution">Face resolution R in pixels.</param>
    /// <exception cref="ArgumentException">The face does not hold 3*R*R values.</exception>
    /// <exception cref="InvalidOperationException">The transform is singular or not finite.</exception>
    void Composite(RgbImage frame, AffineTransform frameToCrop, ReadOnlySpan<float> face, int resolution);

    /// <summary>The decoder's picture where the mask is 0, the original's where it is 1, in place: <c>decoded*(1-mask) + original*mask</c>.</summary>
    /// <param name="original"><c>[C,R,R]</c>.</param>
    /// <param name="mask"><c>[R,R]</c>, 1 = keep.</param>
    /// <param name="decoded"><c>[C,R,R]</c>, changed in place.</param>
    /// <exception cref="ArgumentException">The lengths do not fit one another.</exception>
    void KeepOriginal(ReadOnlySpan<float> original, ReadOnlySpan<float> mask, Span<float> decoded);

    /// <summary>Multiplies latents by the VAE's scaling factor (or its inverse), in place.</summary>
    /// <param name="latents">Any shape.</param>
    /// <param name="factor">The factor.</param>
    void Scale(Span<float> latents, float factor);

    /// <summary>
    /// Guidance and one step of a scheduler that is linear in sample and model output (DDIM with eta 0 is, for every prediction type), in place:
    /// <c>x = a*x + b*(e0 + g*(e1 - e0))</c>.
    /// </summary>
    /// <param name="unconditional">e0, the model's output without audio; any shape.</param>
    /// <param name="conditional">e1, the model's output with audio; same length.</param>
    /// <param name="guidance">g, the guidance scale.</param>
    /// <param name="sampleFactor">a, the factor of the sample.</param>
    /// <param name="outputFactor">b, the factor of the guided output.</param>
    /// <param name="sample">x, same length, changed in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    void GuidedStep(
        ReadOnlySpan<float> unconditional, ReadOnlySpan<float> conditional, float guidance, float sampleFactor, float outputFactor, Span<float> sample);

    /// <summary>One step of such a scheduler without guidance, in place: <c>x = a*x + b*e</c>.</summary>
    /// <param name="output">e, the model's output.</param>
    /// <param name="sampleFactor">a, the factor of the sample.</param>
    /// <param name="outputFactor">b, the factor of the output.</param>
    /// <param name="sample">x, same length, changed in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    void Step(ReadOnlySpan<float> output, float sampleFactor, float outputFactor, Span<float> sample);
}
