using LatentSync.Kernels;
using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Runtime;

namespace LatentSync.GpuBundle.Cases;

/// <summary>The soft mask.</summary>
internal static class MaskCases
{
    // Minima are exact. Weights of a mask and sums of up to 145 weighted ones are off by some units in the last place where products and sums are fused.
    private const float Exact = 0, Rounding = 4e-6f;

    public static IEnumerable<GpuCase> All(CaseSizes sizes) =>
        [WarpMask(sizes), ErodeRows(sizes), ErodeColumns(sizes), BlurRows(sizes), BlurColumns(sizes)];

    private static GpuCase WarpMask(CaseSizes sizes)
    {
        GpuCase made = new(nameof(MaskKernels.WarpMask));
        SoftMaskPlan plan = sizes.Plan;
        DeviceView<float> mask = made.Output<float>(plan.Box.Area);
        made.WarpMask(mask, plan.FrameToCrop, plan.Box.X, plan.Box.Y, plan.Box.Width, plan.CropWidth, plan.CropHeight, plan.Box.Height);
        made.Expect(mask, Rounding);
        return made;
    }

    private static GpuCase ErodeRows(CaseSizes sizes)
    {
        GpuCase made = new(nameof(MaskKernels.ErodeRows));
        (SoftMaskPlan plan, DeviceView<float> source, DeviceView<float> destination) = Planes(made, sizes);
        made.ErodeRows(source, destination, plan.Box.X, plan.Box.Width, plan.FrameWidth, plan.ErosionSize, plan.Box.Height);
        made.Expect(destination, Exact);
        return made;
    }

    private static GpuCase ErodeColumns(CaseSizes sizes)
    {
        GpuCase made = new(nameof(MaskKernels.ErodeColumns));
        (SoftMaskPlan plan, DeviceView<float> source, DeviceView<float> destination) = Planes(made, sizes);
        made.ErodeColumns(source, destination, plan.Box.Y, plan.Box.Width, plan.Box.Height, plan.FrameHeight, plan.ErosionSize);
        made.Expect(destination, Exact);
        return made;
    }

    private static GpuCase BlurRows(CaseSizes sizes)
    {
        GpuCase made = new(nameof(MaskKernels.BlurRows));
        (SoftMaskPlan plan, DeviceView<float> source, DeviceView<float> destination) = Planes(made, sizes);
        made.BlurRows(source, destination, made.Data(plan.BlurWeights), plan.Box.X, plan.Box.Width, plan.FrameWidth, plan.EdgeWidth, plan.Box.Height);
        made.Expect(destination, Rounding);
        return made;
    }

    private static GpuCase BlurColumns(CaseSizes sizes)
    {
        GpuCase made = new(nameof(MaskKernels.BlurColumns));
        (SoftMaskPlan plan, DeviceView<float> source, DeviceView<float> destination) = Planes(made, sizes);
        made.BlurColumns(
            source, destination, made.Data(plan.BlurWeights), plan.Box.Y, plan.Box.Width, plan.Box.Height, plan.FrameHeight, plan.EdgeWidth);
        made.Expect(destination, Rounding);
        return made;
    }

    private static (SoftMaskPlan Plan, DeviceView<float> Source, DeviceView<float> Destination) Planes(GpuCase made, CaseSizes sizes)
    {
        SoftMaskPlan plan = sizes.Plan;
        return (plan, made.Fractions(plan.Box.Area), made.Output<float>(plan.Box.Area));
    }
}
