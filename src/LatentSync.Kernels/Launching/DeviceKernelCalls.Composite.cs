using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <content>Putting a face back.</content>
public static partial class DeviceKernelCalls
{
    /// <inheritdoc cref="CompositeKernels.ResizeColumnsBicubic"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void ResizeColumnsBicubic(
        this IKernelLauncher launcher,
        DeviceView<float> planes,
        DeviceView<float> columns,
        DeviceView<int> starts,
        DeviceView<float> weights,
        int sourceWidth,
        int sourceHeight,
        int height,
        int taps)
    {
        int extent = LaunchCheck.Extent(3, height, sourceWidth);
        LaunchCheck.Holds(planes, LaunchCheck.Extent(3, sourceHeight, sourceWidth));
        LaunchCheck.Holds(columns, extent);
        LaunchCheck.Holds(starts, height);
        LaunchCheck.Holds(weights, LaunchCheck.Extent(height, taps));
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(planes);
        parameters.Add(columns);
        parameters.Add(starts);
        parameters.Add(weights);
        parameters.Add(sourceWidth, sourceHeight, height, taps);
        launcher.Launch(nameof(CompositeKernels.ResizeColumnsBicubic), extent, parameters.Written);
    }

    /// <inheritdoc cref="CompositeKernels.ResizeRowsBicubic"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void ResizeRowsBicubic(
        this IKernelLauncher launcher,
        DeviceView<float> columns,
        DeviceView<float> pixels,
        DeviceView<int> starts,
        DeviceView<float> weights,
        int sourceWidth,
        int width,
        int height,
        int taps)
    {
        int extent = LaunchCheck.Extent(width, height);
        LaunchCheck.Holds(columns, LaunchCheck.Extent(3, height, sourceWidth));
        LaunchCheck.Holds(pixels, 3L * extent);
        LaunchCheck.Holds(starts, width);
        LaunchCheck.Holds(weights, LaunchCheck.Extent(width, taps));
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(columns);
        parameters.Add(pixels);
        parameters.Add(starts);
        parameters.Add(weights);
        parameters.Add(sourceWidth, width, height, taps);
        launcher.Launch(nameof(CompositeKernels.ResizeRowsBicubic), extent, parameters.Written);
    }

    /// <inheritdoc cref="CompositeKernels.BlendFace"/>
    /// <remarks><c>boxHeight</c>: height of the box.</remarks>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void BlendFace(
        this IKernelLauncher launcher,
        DeviceView<byte> frame,
        DeviceView<float> soft,
        DeviceView<float> mask,
        DeviceView<float> crop,
        AffineTransform frameToCrop,
        int boxX,
        int boxY,
        int boxWidth,
        int cropWidth,
        int cropHeight,
        int frameOffset,
        int framePitch,
        int boxHeight)
    {
        int extent = LaunchCheck.Extent(boxWidth, boxHeight);
        LaunchCheck.That(frameOffset >= 0 && framePitch >= boxWidth);
        LaunchCheck.Holds(frame, 3 * (frameOffset + ((boxHeight - 1L) * framePitch) + boxWidth));
        LaunchCheck.Holds(soft, extent);
        LaunchCheck.Holds(mask, extent);
        LaunchCheck.Holds(crop, LaunchCheck.Extent(3, cropHeight, cropWidth));
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(frame);
        parameters.Add(soft);
        parameters.Add(mask);
        parameters.Add(crop);
        parameters.Add(frameToCrop);
        parameters.Add(boxX, boxY, boxWidth, cropWidth, cropHeight, frameOffset, framePitch);
        launcher.Launch(nameof(CompositeKernels.BlendFace), extent, parameters.Written);
    }

    /// <inheritdoc cref="CompositeKernels.KeepOriginal"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void KeepOriginal(
        this IKernelLauncher launcher, DeviceView<float> original, DeviceView<float> mask, DeviceView<float> decoded, int area)
    {
        int extent = LaunchCheck.Extent(decoded.Length);
        LaunchCheck.That(area >= 1);
        LaunchCheck.Holds(original, extent);
        LaunchCheck.Holds(mask, area);
        LaunchCheck.Holds(decoded, extent);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(original);
        parameters.Add(mask);
        parameters.Add(decoded);
        parameters.Add(area);
        launcher.Launch(nameof(CompositeKernels.KeepOriginal), extent, parameters.Written);
    }
}
