using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Runtime;

namespace LatentSync.GpuBundle.Cases;

/// <summary>Elementwise work on latents.</summary>
internal static class LatentCases
{
    private const int Channels = 4, InputChannels = 13;

    // One product, or one fused with a sum, of values around 1: some units in the last place.
    private const float Rounding = 1e-6f;

    public static IEnumerable<GpuCase> All(CaseSizes sizes) =>
        [ScaleLatents(sizes), GuidedStep(sizes), SchedulerStep(sizes), PlaceLatents(sizes), TakeLatents(sizes), RepeatNoise(sizes)];

    private static int Length(CaseSizes sizes) => Channels * sizes.Frames * sizes.Plane;

    private static GpuCase ScaleLatents(CaseSizes sizes)
    {
        GpuCase made = new(nameof(LatentKernels.ScaleLatents));
        DeviceView<float> latents = made.Floats(Length(sizes), 3);
        made.ScaleLatents(latents, 0.18215f);
        made.Expect(latents, Rounding);
        return made;
    }

    private static GpuCase GuidedStep(CaseSizes sizes)
    {
        GpuCase made = new(nameof(LatentKernels.GuidedStep));
        int length = Length(sizes);
        DeviceView<float> unconditional = made.Floats(length), conditional = made.Floats(length), sample = made.Floats(length);
        made.GuidedStep(unconditional, conditional, sample, 1.5f, 0.93f, -0.21f);
        made.Expect(sample, Rounding);
        return made;
    }

    private static GpuCase SchedulerStep(CaseSizes sizes)
    {
        GpuCase made = new(nameof(LatentKernels.SchedulerStep));
        DeviceView<float> output = made.Floats(Length(sizes)), sample = made.Floats(Length(sizes));
        made.SchedulerStep(output, sample, 0.93f, -0.21f);
        made.Expect(sample, Rounding);
        return made;
    }

    private static GpuCase PlaceLatents(CaseSizes sizes)
    {
        GpuCase made = new(nameof(LatentKernels.PlaceLatents));
        DeviceView<float> source = made.Floats(Channels * sizes.Plane), destination = made.Output<float>(InputChannels * sizes.Frames * sizes.Plane);
        made.PlaceLatents(source, destination, first: 5, frame: sizes.Frames - 1, sizes.Frames, sizes.Plane, shift: 0.1f, scale: 0.18215f);
        made.Expect(destination, Rounding);
        return made;
    }

    private static GpuCase TakeLatents(CaseSizes sizes)
    {
        GpuCase made = new(nameof(LatentKernels.TakeLatents));
        DeviceView<float> latents = made.Floats(Length(sizes)), destination = made.Output<float>(Channels * sizes.Plane);
        made.TakeLatents(latents, destination, frame: 1, sizes.Frames, sizes.Plane, shift: 0.1f, scale: 0.18215f);
        made.Expect(destination, Rounding);
        return made;
    }

    private static GpuCase RepeatNoise(CaseSizes sizes)
    {
        GpuCase made = new(nameof(LatentKernels.RepeatNoise));
        DeviceView<float> noise = made.Floats(Channels * sizes.Plane, 3), latents = made.Output<float>(Length(sizes));
        made.RepeatNoise(noise, latents, sizes.Frames, sizes.Plane, 1.25f);
        made.Expect(latents, Rounding);
        return made;
    }
}
