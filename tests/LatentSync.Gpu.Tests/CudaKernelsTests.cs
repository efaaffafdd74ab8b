using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Tests.Kernels;

namespace LatentSync.Gpu.Tests;

/// <summary>The kernel tests on CUDA; without a device each is skipped with the reason.</summary>
public sealed class CudaKernelsTests(CudaKernelsTests.Fixture fixture) : FaceKernelsTests, IClassFixture<CudaKernelsTests.Fixture>
{
    protected override IFaceKernels Kernels
    {
        get
        {
            Skip.If(fixture.Kernels is null, fixture.Reason);
            return fixture.Kernels;
        }
    }

    public sealed class Fixture : IDisposable
    {
        public Fixture()
        {
            try
            {
                Kernels = IlgpuKernels.CreateCuda();
            }
            catch (LatentSyncException error)
            {
                Reason = error.Message;
            }
        }

        public IlgpuKernels? Kernels { get; }

        public string Reason { get; } = string.Empty;

        public void Dispose() => Kernels?.Dispose();
    }
}
