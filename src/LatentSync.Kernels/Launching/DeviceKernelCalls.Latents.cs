using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <content>Elementwise work on latents.</content>
public static partial class DeviceKernelCalls
{
    /// <inheritdoc cref="LatentKernels.ScaleLatents"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void ScaleLatents(this IKernelLauncher launcher, DeviceView<float> latents, float factor)
    {
        int extent = LaunchCheck.Extent(latents.Length);
        LaunchCheck.Holds(latents, extent);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(latents);
        parameters.Add(factor);
        launcher.Launch(nameof(LatentKernels.ScaleLatents), extent, parameters.Written);
    }

    /// <inheritdoc cref="LatentKernels.GuidedStep"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void GuidedStep(
        this IKernelLauncher launcher,
        DeviceView<float> unconditional,
        DeviceView<float> conditional,
        DeviceView<float> sample,
        float guidance,
        float sampleFactor,
        float outputFactor)
    {
        int extent = LaunchCheck.Extent(sample.Length);
        LaunchCheck.Holds(unconditional, extent);
        LaunchCheck.Holds(conditional, extent);
        LaunchCheck.Holds(sample, extent);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(unconditional);
        parameters.Add(conditional);
        parameters.Add(sample);
        parameters.Add(guidance, sampleFactor, outputFactor);
        launcher.Launch(nameof(LatentKernels.GuidedStep), extent, parameters.Written);
    }

    /// <inheritdoc cref="LatentKernels.SchedulerStep"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void SchedulerStep(
        this IKernelLauncher launcher, DeviceView<float> output, DeviceView<float> sample, float sampleFactor, float outputFactor)
    {
        int extent = LaunchCheck.Extent(sample.Length);
        LaunchCheck.Holds(output, extent);
        LaunchCheck.Holds(sample, extent);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(output);
        parameters.Add(sample);
        parameters.Add(sampleFactor, outputFactor);
        launcher.Launch(nameof(LatentKernels.SchedulerStep), extent, parameters.Written);
    }

    /// <inheritdoc cref="LatentKernels.PlaceLatents"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void PlaceLatents(
        this IKernelLauncher launcher,
        DeviceView<float> source,
        DeviceView<float> destination,
        int first,
        int frame,
        int frames,
        int plane,
        float shift,
        float scale)
    {
        int extent = LaunchCheck.Extent(source.Length);
        LaunchCheck.That(first >= 0 && frame >= 0 && frame < frames);
        LaunchCheck.That(plane >= 1 && source.Length % plane == 0);
        LaunchCheck.Holds(source, extent);
        LaunchCheck.Holds(destination, (((long)first * plane) + extent) * frames);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(source);
        parameters.Add(destination);
        parameters.Add(first, frame, frames, plane);
        parameters.Add(shift, scale);
        launcher.Launch(nameof(LatentKernels.PlaceLatents), extent, parameters.Written);
    }

    /// <inheritdoc cref="LatentKernels.TakeLatents"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void TakeLatents(
        this IKernelLauncher launcher,
        DeviceView<float> latents,
        DeviceView<float> destination,
        int frame,
        int frames,
        int plane,
        float shift,
        float scale)
    {
        int extent = LaunchCheck.Extent(destination.Length);
        LaunchCheck.That(frame >= 0 && frame < frames);
        LaunchCheck.That(plane >= 1 && destination.Length % plane == 0);
        LaunchCheck.Holds(latents, (long)extent * frames);
        LaunchCheck.Holds(destination, extent);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(latents);
        parameters.Add(destination);
        parameters.Add(frame, frames, plane);
        parameters.Add(shift, scale);
        launcher.Launch(nameof(LatentKernels.TakeLatents), extent, parameters.Written);
    }

    /// <inheritdoc cref="LatentKernels.RepeatNoise"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void RepeatNoise(
        this IKernelLauncher launcher, DeviceView<float> noise, DeviceView<float> latents, int frames, int plane, float sigma)
    {
        int extent = LaunchCheck.Extent(latents.Length);
        LaunchCheck.That(latents.Length % LaunchCheck.Extent(frames, plane) == 0);
        LaunchCheck.Holds(noise, extent / frames);
        LaunchCheck.Holds(latents, extent);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(noise);
        parameters.Add(latents);
        parameters.Add(frames, plane);
        parameters.Add(sigma);
        launcher.Launch(nameof(LatentKernels.RepeatNoise), extent, parameters.Written);
    }
}
