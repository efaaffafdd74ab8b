using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.Cuda.Native;
using LatentSync.Runtime.Exceptions;
using LatentSync.Runtime.Native;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Runtime.Cuda;

[Collection(DriverDouble.Collection)]
public class CudaObjectsTests
{
    [SkippableFact]
    public void Copies_UpAcrossAndDown_KeepBytesAndAreCounted()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        using PinnedBuffer up = driver.Device.CreatePinned(1000), down = driver.Device.CreatePinned(1000);
        using DeviceBuffer first = stream.Allocate(1000), second = stream.Allocate(1000);
        Span<byte> bytes = up.Span<byte>(0, 1000);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i * 7);
        }

        stream.Upload(up, 100, first, 200, 300);
        stream.Copy(first, 200, second, 0, 300);
        stream.Download(second, 0, down, 500, 300);
        stream.Synchronize();
        Assert.Equal(bytes.Slice(100, 300), down.Span<byte>(500, 300));
        CudaCounters counters = driver.Device.Counters;
        Assert.Equal((1, 300, 1, 300, 1), (counters.CopiesToDevice, counters.BytesToDevice, counters.CopiesToHost, counters.BytesToHost, counters.CopiesOnDevice));
    }

    [SkippableTheory]
    [InlineData(-1, 10)]
    [InlineData(0, 1001)]
    [InlineData(1000, 1)]
    [InlineData(long.MaxValue, 10)]
    public void Upload_OutsideTheBuffer_IsRefused(long offset, long size)
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        using PinnedBuffer host = driver.Device.CreatePinned(4096);
        using DeviceBuffer buffer = stream.Allocate(1000);
        Assert.Throws<NativeArgumentException>(() => stream.Upload(host, 0, buffer, offset, size));
    }

    [SkippableFact]
    public void Memory_AfterBuffersCameAndWent_KnowsTheHighWaterMark()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        stream.Allocate(1 << 20).Dispose();
        using DeviceBuffer buffer = stream.Allocate(1 << 10);
        CudaMemory memory = driver.Device.Memory;
        Assert.Equal(1 << 10, memory.UsedInBytes);
        Assert.Equal(1 << 20, memory.UsedHighInBytes);
        driver.Device.ResetCounters();
        Assert.Equal(1 << 10, driver.Device.Memory.UsedHighInBytes);
    }

    [SkippableFact]
    public void TrimMemory_BuffersDisposed_GivesTheirMemoryBack()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        using DeviceBuffer kept = stream.Allocate(256);
        stream.Allocate(1 << 20).Dispose();
        Assert.Equal((1 << 20) + 256, driver.Device.Memory.ReservedInBytes);
        driver.Device.TrimMemory();
        Assert.Equal(256, driver.Device.Memory.ReservedInBytes);
        stream.BeginCapture();
        Assert.Throws<NativeStateException>(driver.Device.TrimMemory);
        stream.AbortCapture();
    }

    [SkippableFact]
    public void Create_Fails_LetsGoOfItsParents()
    {
        using DriverDouble driver = new();
        long before = driver.Alive;
        CudaStream stream = driver.Device.CreateStream();
        driver.Fail("cuMemAllocFromPoolAsync", 1, 2);
        Assert.Throws<DeviceOutOfMemoryException>(() => stream.Allocate(256));
        stream.Dispose();
        Assert.Equal(before, driver.Alive);
        Assert.Throws<ObjectDisposedException>(() => stream.Allocate(256));
    }

    // As when another thread disposes it meanwhile.
    [SkippableFact]
    public void Create_ParentDisposedDuringTheCall_IsHeldUntilItsEnd()
    {
        using DriverDouble driver = new();
        long before = driver.Alive, during = 0;
        StreamHandle stream = StreamHandle.Create(driver.Device.Handle);
        NativeStatus Refuse(out BufferHandle created)
        {
            stream.Dispose();
            during = driver.Alive;
            created = new BufferHandle();
            return NativeStatus.Driver;
        }

        Assert.Throws<CudaDriverException>(() => DependentHandle.Create<BufferHandle>(Refuse, stream));
        Assert.Equal((before + 1, before), (during, driver.Alive));
    }

    [SkippableFact]
    public void Dispose_ParentsBeforeChildren_LeavesNothingAlive()
    {
        using DriverDouble driver = new();
        long before = driver.Alive;
        CudaStream stream = driver.Device.CreateStream();
        DeviceBuffer buffer = stream.Allocate(256);
        CudaEvent mark = driver.Device.CreateEvent();
        mark.Record(stream);
        stream.BeginCapture();
        stream.Fill(buffer, 0, 256, 1);
        CudaGraph graph = stream.EndCapture();
        stream.Dispose();
        buffer.Dispose();
        graph.Dispose();
        mark.Dispose();
        Assert.Equal(before, driver.Alive);
        Assert.Equal(0, driver.Misuses);
    }

    [SkippableFact]
    public void Synchronize_DeviceLost_EveryCallSaysSoAndDisposeWorks()
    {
        using DriverDouble driver = new();
        using CudaStream stream = driver.Device.CreateStream();
        using DeviceBuffer buffer = stream.Allocate(256);
        driver.LoseDevice(719);
        Assert.Throws<DeviceLostException>(stream.Synchronize);
        Assert.Throws<DeviceLostException>(() => stream.Fill(buffer, 0, 256, 0));
    }

    [SkippableFact]
    public void LoadModule_BadPtx_HasTheCompilersLog()
    {
        using DriverDouble driver = new();
        KernelCompilationException error = Assert.Throws<KernelCompilationException>(() => driver.Device.LoadModule("not ptx"));
        Assert.Contains("line 1", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [SkippableFact]
    public void Open_NoSuchDevice_SaysHowManyThereAre()
    {
        using DriverDouble driver = new();
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => CudaDevice.Open(driver.Driver, 2));
        Assert.Contains("shows 2", error.Message, StringComparison.Ordinal);
    }
}
