using LatentSync.Denoising;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Denoising;

[Collection(DriverDouble.Collection)]
public sealed class StepSequencesTests
{
    [SkippableFact]
    public void Of_ManyLengths_KeepsTheWholeOneAndTheLastShortOnes()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        List<int> prepared = [], disposed = [];
        using (StepSequences steps = new(stream, 16, Prepare))
        {
            foreach (int frames in new[] { 16, 1, 2, 3, 4, 1, 16, 5, 1, 2 })
            {
                steps.Of(frames);
            }

            Assert.Equal([16, 1, 2, 3, 4, 5, 2], prepared);
            Assert.Equal([2, 3], disposed);
            Assert.Throws<ArgumentOutOfRangeException>(() => steps.Of(17));
        }

        Assert.Equal(prepared.Order(), disposed.Order());

        ChunkSteps Prepare(int frames)
        {
            prepared.Add(frames);
            return new ChunkSteps(new CapturedSequence(stream, () => { }, null), null, null, [new Execution(() => disposed.Add(frames))]);
        }
    }

    private sealed class Execution(Action disposed) : IDeviceExecution
    {
        public long ScratchSizeInBytes => 0;

        public void UseScratch(DeviceBuffer scratch)
        {
        }

        public void Enqueue(CudaStream stream)
        {
        }

        public void Dispose() => disposed();
    }
}
