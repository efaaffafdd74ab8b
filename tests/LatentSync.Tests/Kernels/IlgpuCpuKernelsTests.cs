using LatentSync.Kernels;

namespace LatentSync.Tests.Kernels;

public sealed class IlgpuCpuKernelsTests(IlgpuCpuKernelsTests.Fixture fixture) : FaceKernelsTests, IClassFixture<IlgpuCpuKernelsTests.Fixture>
{
    protected override IFaceKernels Kernels => fixture.Kernels;

    protected override int FramesPerCase => 1;

    protected override int MaximumCropArea => 20_000;

    public sealed class Fixture : IDisposable
    {
        public IlgpuKernels Kernels { get; } = IlgpuKernels.CreateCpu();

        public void Dispose() => Kernels.Dispose();
    }
}
