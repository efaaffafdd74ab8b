using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Runtime;

namespace LatentSync.Kernels.Launching;

/// <content>A denoising step around the network.</content>
public static partial class DeviceKernelCalls
{
    /// <inheritdoc cref="StepKernels.BeginStep"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void BeginStep(
        this IKernelLauncher launcher,
        DeviceView<float> latents,
        DeviceView<float> sample,
        DeviceView<float> timestep,
        DeviceView<float> table,
        DeviceView<int> step,
        int halves,
        int itemLength)
    {
        int extent = LaunchCheck.Extent(latents.Length);
        LaunchCheck.That(halves is 1 or 2);
        LaunchCheck.That(itemLength >= latents.Length);
        LaunchCheck.Holds(latents, extent);
        LaunchCheck.Holds(sample, (long)halves * itemLength);
        LaunchCheck.Holds(timestep, 1);
        LaunchCheck.Holds(table, StepTableLayout.Stride);
        LaunchCheck.Holds(step, 1);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(latents);
        parameters.Add(sample);
        parameters.Add(timestep);
        parameters.Add(table);
        parameters.Add(step);
        parameters.Add(halves, itemLength);
        launcher.Launch(nameof(StepKernels.BeginStep), extent, parameters.Written);
    }

    /// <inheritdoc cref="StepKernels.TakeRow"/>
    /// <exception cref="ArgumentException">A view is too short.</exception>
    public static void TakeRow(this IKernelLauncher launcher, DeviceView<float> rows, DeviceView<float> row, DeviceView<int> step)
    {
        int extent = LaunchCheck.Extent(row.Length);
        LaunchCheck.Holds(rows, extent);
        LaunchCheck.Holds(row, extent);
        LaunchCheck.Holds(step, 1);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(rows);
        parameters.Add(row);
        parameters.Add(step);
        launcher.Launch(nameof(StepKernels.TakeRow), extent, parameters.Written);
    }

    /// <inheritdoc cref="StepKernels.LinearStep"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void LinearStep(
        this IKernelLauncher launcher,
        DeviceView<float> output,
        DeviceView<float> latents,
        DeviceView<float> predictions,
        DeviceView<float> start,
        DeviceView<float> noise,
        DeviceView<float> table,
        DeviceView<int> step,
        int halves,
        int length,
        int frames,
        int plane)
    {
        int extent = LaunchCheck.Extent(length);
        LaunchCheck.That(halves is 1 or 2);
        LaunchCheck.That(length % LaunchCheck.Extent(frames, plane) == 0);
        LaunchCheck.Holds(output, (long)halves * length);
        LaunchCheck.Holds(latents, extent);
        LaunchCheck.Holds(table, StepTableLayout.Stride);
        LaunchCheck.Holds(step, 1);
        LaunchCheck.HoldsOrIsEmpty(predictions, (long)StepTableLayout.RingLength * length);
        LaunchCheck.HoldsOrIsEmpty(start, length);
        LaunchCheck.HoldsOrIsEmpty(noise, table.Length / StepTableLayout.Stride * (length / frames));
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(output);
        parameters.Add(latents);
        parameters.Add(predictions);
        parameters.Add(start);
        parameters.Add(noise);
        parameters.Add(table);
        parameters.Add(step);
        parameters.Add(halves, length, frames, plane);
        launcher.Launch(nameof(StepKernels.LinearStep), extent, parameters.Written);
    }

    /// <inheritdoc cref="StepKernels.AdvanceStep"/>
    /// <exception cref="ArgumentException">A view is too short, or a size does not fit.</exception>
    public static void AdvanceStep(this IKernelLauncher launcher, DeviceView<int> step)
    {
        int extent = LaunchCheck.Extent(1);
        LaunchCheck.Holds(step, 1);
        ParameterWriter parameters = new(stackalloc byte[ParameterWriter.Capacity], extent);
        parameters.Add(step);
        launcher.Launch(nameof(StepKernels.AdvanceStep), extent, parameters.Written);
    }
}
