using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.Exceptions;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.Cuda;

[Collection(DriverDouble.Collection)]
public class CapturedSequenceTests
{
    [SkippableFact]
    public void Run_ManyTimes_CapturesOnceAndDoesTheWorkEveryTime()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        using DeviceBuffer counter = stream.Allocate(256), log = stream.Allocate(256);
        int enqueued = 0;
        using (CapturedSequence sequence = new(stream, Enqueue, warn: null))
        {
            for (byte run = 1; run <= 5; run++)
            {
                stream.Fill(counter, 0, 1, run);
                sequence.Run();
                Assert.Equal(run, Read(stream, log));
            }

            Assert.True(sequence.IsCaptured);
            Assert.Equal(1, sequence.NodeCount);
        }

        Assert.Equal(2, enqueued);
        Assert.Equal(1, driver.Device.Counters.Captures);
        Assert.Equal(4, driver.Device.Counters.GraphLaunches);

        void Enqueue()
        {
            enqueued++;
            stream.Copy(counter, 0, log, 0, 1);
        }
    }

    [SkippableFact]
    public void Run_CaptureUnsupported_WarnsOnceAndEnqueues()
    {
        using DriverDouble driver = new();
        driver.SetCapture(false);
        using CudaStream stream = driver.Device.CreateStream();
        using DeviceBuffer buffer = stream.Allocate(256);
        List<string> warnings = [];
        int enqueued = 0;
        using CapturedSequence sequence = new(
            stream,
            () =>
            {
                enqueued++;
                stream.Fill(buffer, 0, 256, (byte)enqueued);
            },
            warnings.Add);
        for (int run = 0; run < 4; run++)
        {
            sequence.Run();
        }

        Assert.False(sequence.IsCaptured);
        Assert.Equal(4, enqueued);
        Assert.Equal(4, Read(stream, buffer));
        Assert.Single(warnings);
    }

    [SkippableFact]
    public void Run_WorkThatCannotBeCaptured_FallsBackWithTheStreamUsable()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        using DeviceBuffer buffer = stream.Allocate(256);
        using CapturedSequence sequence = new(stream, () => stream.Fill(buffer, 0, 256, 7), warn: null);
        sequence.Run();
        // CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, from within the sequence.
        driver.Fail("cuMemsetD8Async", 1, 900);
        sequence.Run();
        Assert.Equal(7, Read(stream, buffer));
        Assert.False(sequence.IsCaptured);
    }

    // CUDA_ERROR_OUT_OF_MEMORY, at every step of capturing and launching.
    [SkippableTheory]
    [InlineData("cuStreamBeginCapture_v2")]
    [InlineData("cuMemsetD8Async")]
    [InlineData("cuStreamEndCapture")]
    [InlineData("cuGraphInstantiateWithFlags")]
    [InlineData("cuGraphLaunch")]
    public void Run_NoMemoryForTheGraph_WarnsOnceAndEnqueues(string function)
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        using DeviceBuffer buffer = stream.Allocate(256);
        long alive = driver.Alive;
        List<string> warnings = [];
        byte value = 0;
        using (CapturedSequence sequence = new(stream, () => stream.Fill(buffer, 0, 256, ++value), warnings.Add))
        {
            sequence.Run();
            driver.Fail(function, 1, 2);
            for (int run = 0; run < 3; run++)
            {
                sequence.Run();
                Assert.Equal(value, Read(stream, buffer));
            }

            Assert.False(sequence.IsCaptured);
            Assert.Equal(0, sequence.NodeCount);
        }

        Assert.Contains("CUDA_ERROR_OUT_OF_MEMORY", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(alive, driver.Alive);
        Assert.Equal(0, driver.Misuses);
        stream.Allocate(256).Dispose();
    }

    [SkippableFact]
    public void Run_WorkFailsWhileCaptured_ThrowsAndDropsTheCapture()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        using DeviceBuffer buffer = stream.Allocate(256);
        int runs = 0;
        using CapturedSequence sequence = new(
            stream,
            () =>
            {
                if (++runs == 2)
                {
                    throw new NotSupportedException("the cause");
                }
            },
            warn: null);
        sequence.Run();
        Assert.Equal("the cause", Assert.Throws<NotSupportedException>(sequence.Run).Message);
        stream.Fill(buffer, 0, 256, 3);
        Assert.Equal(3, Read(stream, buffer));
    }

    [SkippableFact]
    public void Allocate_WhileCapturing_IsRefused()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        stream.BeginCapture();
        Assert.Throws<NativeStateException>(() => stream.Allocate(256));
        stream.AbortCapture();
        stream.Allocate(256).Dispose();
    }

    private static byte Read(CudaStream stream, DeviceBuffer buffer)
    {
        byte[] value = new byte[1];
        stream.DownloadAndWait<byte>(buffer, value);
        return value[0];
    }
}
