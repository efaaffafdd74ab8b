using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <content>Cutting a face out.</content>
public static partial class DeviceKernelCalls
{
    /// <inheritdoc cref="WarpKernels.WarpFace"/>
    /// <remarks><c>cropHeight</c>: height of the crop.</remarks>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void WarpFace(
        this IKernelLauncher launcher,
        DeviceView<byte> frame,
        DeviceView<byte> crop,
        AffineTransform cropToFrame,
        int frameWidth,
        int frameHeight,
        int cropWidth,
        int cropHeight)
    {
        int extent = LaunchCheck.Extent(cropWidth, cropHeight);
        LaunchCheck.Holds(frame, 3L * LaunchCheck.Extent(frameWidth, frameHeight));
        LaunchCheck.Holds(crop, 3L * extent);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(frame);
        parameters.Add(crop);
        parameters.Add(cropToFrame);
        parameters.Add(frameWidth, frameHeight, cropWidth);
        launcher.Launch(nameof(WarpKernels.WarpFace), extent, parameters.Written);
    }

    /// <inheritdoc cref="WarpKernels.ResizeRowsLanczos4"/>
    /// <remarks><c>sourceHeight</c>: height of the source.</remarks>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void ResizeRowsLanczos4(
        this IKernelLauncher launcher,
        DeviceView<byte> source,
        DeviceView<int> sums,
        DeviceView<int> starts,
        DeviceView<short> weights,
        int sourceWidth,
        int width,
        int sourceHeight)
    {
        int extent = LaunchCheck.Extent(sourceHeight, width, 3);
        LaunchCheck.Holds(source, LaunchCheck.Extent(sourceHeight, sourceWidth, 3));
        LaunchCheck.Holds(sums, extent);
        LaunchCheck.Holds(starts, width);
        LaunchCheck.Holds(weights, (long)Lanczos4Taps.Count * width);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(source);
        parameters.Add(sums);
        parameters.Add(starts);
        parameters.Add(weights);
        parameters.Add(sourceWidth, width);
        launcher.Launch(nameof(WarpKernels.ResizeRowsLanczos4), extent, parameters.Written);
    }

    /// <inheritdoc cref="WarpKernels.ResizeColumnsLanczos4"/>
    /// <remarks><c>height</c>: height of the output.</remarks>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void ResizeColumnsLanczos4(
        this IKernelLauncher launcher,
        DeviceView<int> sums,
        DeviceView<byte> destination,
        DeviceView<int> starts,
        DeviceView<short> weights,
        int sourceHeight,
        int rowLength,
        int height)
    {
        int extent = LaunchCheck.Extent(height, rowLength);
        LaunchCheck.Holds(sums, LaunchCheck.Extent(sourceHeight, rowLength));
        LaunchCheck.Holds(destination, extent);
        LaunchCheck.Holds(starts, height);
        LaunchCheck.Holds(weights, (long)Lanczos4Taps.Count * height);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(sums);
        parameters.Add(destination);
        parameters.Add(starts);
        parameters.Add(weights);
        parameters.Add(sourceHeight, rowLength);
        launcher.Launch(nameof(WarpKernels.ResizeColumnsLanczos4), extent, parameters.Written);
    }

    /// <inheritdoc cref="NormalizeKernels.NormalizeAndMask"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void NormalizeAndMask(
        this IKernelLauncher launcher,
        DeviceView<byte> face,
        DeviceView<float> mask,
        DeviceView<float> pixels,
        DeviceView<float> maskedPixels,
        int area)
    {
        int extent = LaunchCheck.Extent(area);
        LaunchCheck.Holds(face, 3L * area);
        LaunchCheck.Holds(mask, area);
        LaunchCheck.Holds(pixels, 3L * area);
        LaunchCheck.Holds(maskedPixels, 3L * area);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(face);
        parameters.Add(mask);
        parameters.Add(pixels);
        parameters.Add(maskedPixels);
        parameters.Add(area);
        launcher.Launch(nameof(NormalizeKernels.NormalizeAndMask), extent, parameters.Written);
    }
}
