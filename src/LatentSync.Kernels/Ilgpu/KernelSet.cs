using ILGPU;
using ILGPU.Runtime;
using LatentSync.Kernels.Ilgpu.Device;

namespace LatentSync.Kernels.Ilgpu;

/// <summary>The kernels, compiled for one accelerator.</summary>
internal sealed class KernelSet(Accelerator accelerator)
{
    public Action<Index1D, ArrayView<byte>, ArrayView<byte>, DeviceAffine, int, int, int> WarpFace { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<byte>, ArrayView<byte>, DeviceAffine, int, int, int>(WarpKernels.WarpFace);

    public Action<Index1D, ArrayView<byte>, ArrayView<int>, ArrayView<int>, ArrayView<short>, int, int> ResizeRowsLanczos4 { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<byte>, ArrayView<int>, ArrayView<int>, ArrayView<short>, int, int>(WarpKernels.ResizeRowsLanczos4);

    public Action<Index1D, ArrayView<int>, ArrayView<byte>, ArrayView<int>, ArrayView<short>, int, int> ResizeColumnsLanczos4 { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>, ArrayView<byte>, ArrayView<int>, ArrayView<short>, int, int>(WarpKernels.ResizeColumnsLanczos4);

    public Action<Index1D, ArrayView<byte>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int> NormalizeAndMask { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<byte>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int>(NormalizeKernels.NormalizeAndMask);

    public Action<Index1D, ArrayView<float>, DeviceAffine, int, int, int, int, int> WarpMask { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, DeviceAffine, int, int, int, int, int>(MaskKernels.WarpMask);

    public Action<Index1D, ArrayView<float>, ArrayView<float>, int, int, int, int> ErodeRows { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, int, int, int, int>(MaskKernels.ErodeRows);

    public Action<Index1D, ArrayView<float>, ArrayView<float>, int, int, int, int, int> ErodeColumns { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, int, int, int, int, int>(MaskKernels.ErodeColumns);

    public Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int> BlurRows { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int>(MaskKernels.BlurRows);

    public Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int, int> BlurColumns { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int, int>(MaskKernels.BlurColumns);

    public Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<float>, int, int, int, int> ResizeColumnsBicubic { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<float>, int, int, int, int>(
            CompositeKernels.ResizeColumnsBicubic);

    public Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<float>, int, int, int, int> ResizeRowsBicubic { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<int>, ArrayView<float>, int, int, int, int>(
            CompositeKernels.ResizeRowsBicubic);

    public Action<Index1D, ArrayView<byte>, ArrayView<float>, ArrayView<float>, ArrayView<float>, DeviceAffine, int, int, int, int, int, int, int> BlendFace { get; } =
        accelerator.LoadAutoGroupedStreamKernel<
            Index1D, ArrayView<byte>, ArrayView<float>, ArrayView<float>, ArrayView<float>, DeviceAffine, int, int, int, int, int, int, int>(CompositeKernels.BlendFace);

    public Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int> KeepOriginal { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int>(CompositeKernels.KeepOriginal);

    public Action<Index1D, ArrayView<float>, float> ScaleLatents { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, float>(LatentKernels.ScaleLatents);

    public Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, float, float, float> GuidedStep { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, float, float, float>(LatentKernels.GuidedStep);

    public Action<Index1D, ArrayView<float>, ArrayView<float>, float, float> SchedulerStep { get; } =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, float, float>(LatentKernels.SchedulerStep);
}
