using System.Buffers;
using LatentSync.Kernels;

namespace LatentSync.Latents;

/// <summary>
/// Cuts the aligned face out of a frame: affine warp to the upright crop (<see cref="CropSize"/>), then Lanczos-4 to R x R.
/// Any number of threads may share one.
/// </summary>
public sealed class FaceCropper
{
    private readonly IFaceKernels _kernels;

    /// <summary>Creates a cropper.</summary>
    /// <param name="resolution">Face resolution R in pixels.</param>
    /// <param name="kernels">What computes; the CPU's vector units if not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">The resolution is below 8.</exception>
    public FaceCropper(int resolution, IFaceKernels? kernels = null)
    {
        Resolution = resolution;
        CropWidth = CropSize.Width(resolution);
        CropHeight = CropSize.Height(resolution);
        _kernels = kernels ?? new SimdKernels();
    }

    /// <summary>Face resolution R in pixels.</summary>
    public int Resolution { get; }

    /// <summary>Width of the crop between warp and resize in pixels.</summary>
    public int CropWidth { get; }

    /// <summary>Height of the crop between warp and resize in pixels.</summary>
    public int CropHeight { get; }

    /// <summary>Cuts a face.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's (not to the R x R face's).</param>
    /// <param name="face">Receives the face, R x R.</param>
    /// <exception cref="ArgumentException">The face is not R x R.</exception>
    /// <exception cref="InvalidOperationException">The transform is singular or not finite.</exception>
    public void Crop(RgbImage frame, AffineTransform frameToCrop, RgbImage face)
    {
        if (face.Width != Resolution || face.Height != Resolution)
        {
            throw new ArgumentException($"the face is {face.Width}x{face.Height}, the cropper makes {Resolution}x{Resolution}");
        }

        byte[] pixels = ArrayPool<byte>.Shared.Rent(RgbImage.SizeInBytes(CropWidth, CropHeight));
        try
        {
            RgbImage crop = new(CropWidth, CropHeight, pixels);
            WarpFace(frame, frameToCrop, crop);
            _kernels.ResizeLanczos4(crop, face);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    /// <summary>Cuts a face into memory of its own.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's.</param>
    /// <returns>The face, R x R.</returns>
    /// <exception cref="InvalidOperationException">The transform is singular or not finite.</exception>
    public RgbImage Crop(RgbImage frame, AffineTransform frameToCrop)
    {
        RgbImage face = new(Resolution, Resolution);
        Crop(frame, frameToCrop, face);
        return face;
    }

    /// <summary>The first half of <see cref="Crop(RgbImage, AffineTransform, RgbImage)"/>: the upright crop before its resize.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="frameToCrop">Maps the frame's pixels to the crop's.</param>
    /// <param name="crop">Receives the crop, <see cref="CropWidth"/> x <see cref="CropHeight"/>.</param>
    /// <exception cref="ArgumentException">The crop has another size.</exception>
    /// <exception cref="InvalidOperationException">The transform is singular or not finite.</exception>
    public void WarpFace(RgbImage frame, AffineTransform frameToCrop, RgbImage crop)
    {
        if (crop.Width != CropWidth || crop.Height != CropHeight)
        {
            throw new ArgumentException($"the crop is {crop.Width}x{crop.Height}, at resolution {Resolution} it is {CropWidth}x{CropHeight}");
        }

        _kernels.Warp(frame, frameToCrop, crop);
    }
}
