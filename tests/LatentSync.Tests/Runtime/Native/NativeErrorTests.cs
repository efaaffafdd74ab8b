using LatentSync.Runtime;
using LatentSync.Runtime.Exceptions;
using LatentSync.Runtime.Native;

namespace LatentSync.Tests.Runtime.Native;

public sealed class NativeErrorTests
{
    public static TheoryData<int, Type, LatentSyncError> Failures => new()
    {
        { 1, typeof(NativeArgumentException), LatentSyncError.Usage },
        { 2, typeof(HostOutOfMemoryException), LatentSyncError.Environment },
        { 3, typeof(VendorLibraryMissingException), LatentSyncError.Environment },
        { 4, typeof(VendorLibraryUnusableException), LatentSyncError.Environment },
        { 5, typeof(CudaDriverException), LatentSyncError.Environment },
        { 6, typeof(NativeDefectException), LatentSyncError.Environment },
        { 7, typeof(NativeDefectException), LatentSyncError.Environment },
        { 8, typeof(NativeUnsupportedException), LatentSyncError.Environment },
        { 9, typeof(NativeStateException), LatentSyncError.Environment },
        { 10, typeof(DeviceOutOfMemoryException), LatentSyncError.Environment },
        { 11, typeof(KernelCompilationException), LatentSyncError.Environment },
        { 12, typeof(KernelLaunchException), LatentSyncError.Environment },
        { 13, typeof(GraphCaptureException), LatentSyncError.Environment },
        { 14, typeof(DeviceLostException), LatentSyncError.Environment },
        { 16, typeof(EngineBuildException), LatentSyncError.Model },
        { 17, typeof(PlanRefusedException), LatentSyncError.Model },
        { 18, typeof(EngineExecutionException), LatentSyncError.Model },
        { 99, typeof(NativeDefectException), LatentSyncError.Environment },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Create_FailedStatus_IsItsOwnTypeWithTheNativeMessage(int status, Type type, LatentSyncError kind)
    {
        LatentSyncException error = Assert.IsAssignableFrom<LatentSyncException>(NativeError.Create((NativeStatus)status, "what was wrong"));
        Assert.Equal((type, kind, "what was wrong"), (error.GetType(), error.Error, error.Message));
    }

    [Fact]
    public void Create_Cancelled_IsDotNetsOwn() =>
        Assert.IsType<OperationCanceledException>(NativeError.Create(NativeStatus.Cancelled, "stopped"));

    [Fact]
    public void Create_AnyStatusOfTheHeader_IsCovered()
    {
        IEnumerable<int> covered = Failures.Select(row => (int)row[0]).Append((int)NativeStatus.Cancelled).Append((int)NativeStatus.Ok);
        Assert.All(Enum.GetValues<NativeStatus>(), status => Assert.Contains((int)status, covered));
    }
}
