using System.Runtime.InteropServices;
using LatentSync.Runtime.Cuda.Native;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary>Calls that make plans and timing caches.</summary>
internal static unsafe partial class EngineCalls
{
    /// <summary>Builds a plan. Blocks for seconds to many minutes.</summary>
    internal static (BlobHandle Plan, BlobHandle TimingCache) Build(
        TensorRtHandle tensorRt, DeviceHandle device, in BuildOptionsStruct options, in CallbacksStruct callbacks)
    {
        NativeError.ThrowIfFailed(Build(tensorRt, device, in options, in callbacks, out BlobHandle plan, out BlobHandle timingCache));
        return (plan, timingCache);
    }

    /// <summary>The entries of both caches.</summary>
    internal static byte[] MergeTimingCaches(TensorRtHandle tensorRt, DeviceHandle device, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        fixed (byte* one = first, other = second)
        {
            NativeError.ThrowIfFailed(MergeTimingCaches(tensorRt, device, one, first.Length, other, second.Length, out BlobHandle merged));
            using (merged)
            {
                return merged.ToArray();
            }
        }
    }

    /// <summary>What a plan's header says.</summary>
    internal static PlanInfoStruct PlanInfo(byte* plan, long size)
    {
        PlanInfoStruct info = new() { StructSize = sizeof(PlanInfoStruct) };
        NativeError.ThrowIfFailed(GetPlanInfo(plan, size, ref info));
        return info;
    }

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_engine_build")]
    private static partial NativeStatus Build(
        TensorRtHandle tensorRt, DeviceHandle device, in BuildOptionsStruct options, in CallbacksStruct callbacks, out BlobHandle plan, out BlobHandle timingCache);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_timing_cache_merge")]
    private static partial NativeStatus MergeTimingCaches(
        TensorRtHandle tensorRt, DeviceHandle device, byte* first, long firstSize, byte* second, long secondSize, out BlobHandle merged);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_plan_info_get")]
    private static partial NativeStatus GetPlanInfo(byte* plan, long size, ref PlanInfoStruct info);
}
