using LatentSync.Kernels;

namespace LatentSync.Tests.Kernels;

public sealed class SimdKernelsTests : FaceKernelsTests
{
    protected override IFaceKernels Kernels { get; } = new SimdKernels();
}
