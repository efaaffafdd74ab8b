using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <content>The soft mask over the face's box.</content>
public static partial class DeviceKernelCalls
{
    /// <inheritdoc cref="MaskKernels.WarpMask"/>
    /// <remarks><c>boxHeight</c>: height of the box.</remarks>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void WarpMask(
        this IKernelLauncher launcher,
        DeviceView<float> mask,
        AffineTransform frameToCrop,
        int boxX,
        int boxY,
        int boxWidth,
        int cropWidth,
        int cropHeight,
        int boxHeight)
    {
        int extent = LaunchCheck.Extent(boxWidth, boxHeight);
        LaunchCheck.Holds(mask, extent);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(mask);
        parameters.Add(frameToCrop);
        parameters.Add(boxX, boxY, boxWidth, cropWidth, cropHeight);
        launcher.Launch(nameof(MaskKernels.WarpMask), extent, parameters.Written);
    }

    /// <inheritdoc cref="MaskKernels.ErodeRows"/>
    /// <remarks><c>boxHeight</c>: height of the box.</remarks>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void ErodeRows(
        this IKernelLauncher launcher,
        DeviceView<float> source,
        DeviceView<float> destination,
        int boxX,
        int boxWidth,
        int frameWidth,
        int size,
        int boxHeight)
    {
        int extent = LaunchCheck.Extent(boxWidth, boxHeight);
        LaunchCheck.Holds(source, extent);
        LaunchCheck.Holds(destination, extent);
        LaunchCheck.That(size >= 1);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(source);
        parameters.Add(destination);
        parameters.Add(boxX, boxWidth, frameWidth, size);
        launcher.Launch(nameof(MaskKernels.ErodeRows), extent, parameters.Written);
    }

    /// <inheritdoc cref="MaskKernels.ErodeColumns"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void ErodeColumns(
        this IKernelLauncher launcher,
        DeviceView<float> source,
        DeviceView<float> destination,
        int boxY,
        int boxWidth,
        int boxHeight,
        int frameHeight,
        int size)
    {
        int extent = LaunchCheck.Extent(boxWidth, boxHeight);
        LaunchCheck.Holds(source, extent);
        LaunchCheck.Holds(destination, extent);
        LaunchCheck.That(size >= 1);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(source);
        parameters.Add(destination);
        parameters.Add(boxY, boxWidth, boxHeight, frameHeight, size);
        launcher.Launch(nameof(MaskKernels.ErodeColumns), extent, parameters.Written);
    }

    /// <inheritdoc cref="MaskKernels.BlurRows"/>
    /// <remarks><c>boxHeight</c>: height of the box.</remarks>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void BlurRows(
        this IKernelLauncher launcher,
        DeviceView<float> source,
        DeviceView<float> destination,
        DeviceView<float> weights,
        int boxX,
        int boxWidth,
        int frameWidth,
        int radius,
        int boxHeight)
    {
        int extent = LaunchCheck.Extent(boxWidth, boxHeight);
        LaunchCheck.Holds(source, extent);
        LaunchCheck.Holds(destination, extent);
        LaunchCheck.That(radius >= 0);
        LaunchCheck.Holds(weights, radius + 1L);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(source);
        parameters.Add(destination);
        parameters.Add(weights);
        parameters.Add(boxX, boxWidth, frameWidth, radius);
        launcher.Launch(nameof(MaskKernels.BlurRows), extent, parameters.Written);
    }

    /// <inheritdoc cref="MaskKernels.BlurColumns"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void BlurColumns(
        this IKernelLauncher launcher,
        DeviceView<float> source,
        DeviceView<float> destination,
        DeviceView<float> weights,
        int boxY,
        int boxWidth,
        int boxHeight,
        int frameHeight,
        int radius)
    {
        int extent = LaunchCheck.Extent(boxWidth, boxHeight);
        LaunchCheck.Holds(source, extent);
        LaunchCheck.Holds(destination, extent);
        LaunchCheck.That(radius >= 0);
        LaunchCheck.Holds(weights, radius + 1L);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(source);
        parameters.Add(destination);
        parameters.Add(weights);
        parameters.Add(boxY, boxWidth, boxHeight, frameHeight, radius);
        launcher.Launch(nameof(MaskKernels.BlurColumns), extent, parameters.Written);
    }
}
