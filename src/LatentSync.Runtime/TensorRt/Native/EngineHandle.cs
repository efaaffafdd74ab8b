using System.Runtime.InteropServices;
using LatentSync.Runtime.Cuda.Native;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary>Owns an <c>lsrt_engine</c>; keeps TensorRT, the device and the receiver of its log alive.</summary>
internal sealed unsafe partial class EngineHandle : DependentHandle
{
    private CallbackSink? _sink;

    internal EngineInfoStruct Info
    {
        get
        {
            EngineInfoStruct info = new() { StructSize = sizeof(EngineInfoStruct) };
            NativeError.ThrowIfFailed(GetInfo(this, ref info));
            return info;
        }
    }

    /// <param name="tensorRt">TensorRT.</param>
    /// <param name="device">Where it shall run.</param>
    /// <param name="plan">Read during the call.</param>
    /// <param name="size">Of the plan.</param>
    /// <param name="weightBudget">Bytes of weights kept on the device; -1 for all.</param>
    /// <param name="sink">Receives the log; the handle's from here on.</param>
    internal static EngineHandle Create(TensorRtHandle tensorRt, DeviceHandle device, byte* plan, long size, long weightBudget, CallbackSink sink)
    {
        EngineOptionsStruct options = new() { StructSize = sizeof(EngineOptionsStruct), WeightStreamingBudget = weightBudget };
        CallbacksStruct callbacks = sink.ToStruct();
        try
        {
            EngineHandle engine = Create((out EngineHandle created) => Create(tensorRt, device, plan, size, in options, in callbacks, out created), tensorRt, device);
            engine._sink = sink;
            return engine;
        }
        catch
        {
            sink.Dispose();
            throw;
        }
    }

    internal EngineTensorStruct Tensor(int index)
    {
        EngineTensorStruct tensor = new() { StructSize = sizeof(EngineTensorStruct) };
        NativeError.ThrowIfFailed(GetTensor(this, index, ref tensor));
        return tensor;
    }

    internal (long[] Min, long[] Opt, long[] Max) ProfileShape(string input, int profile)
    {
        ExtentsBuffer min = default, opt = default, max = default;
        fixed (byte* name = NativeText.ToBytes(input))
        {
            NativeError.ThrowIfFailed(GetProfileShape(this, name, profile, ref min, ref opt, ref max, out int rank));
            return (min.ToArray(rank), opt.ToArray(rank), max.ToArray(rank));
        }
    }

    internal void Refit(string modelPath)
    {
        fixed (byte* path = NativeText.ToBytes(modelPath))
        {
            NativeError.ThrowIfFailed(Refit(this, path));
        }
    }

    internal BlobHandle Serialize()
    {
        NativeError.ThrowIfFailed(Serialize(this, out BlobHandle plan));
        return plan;
    }

    private protected override NativeStatus DestroyNative(nint native)
    {
        NativeStatus status = Destroy(native);
        _sink?.Dispose();
        return status;
    }

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_engine_create")]
    private static partial NativeStatus Create(
        TensorRtHandle tensorRt, DeviceHandle device, byte* plan, long size, in EngineOptionsStruct options, in CallbacksStruct callbacks, out EngineHandle engine);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_engine_destroy")]
    private static partial NativeStatus Destroy(nint engine);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_engine_info_get")]
    private static partial NativeStatus GetInfo(EngineHandle engine, ref EngineInfoStruct info);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_engine_tensor_get")]
    private static partial NativeStatus GetTensor(EngineHandle engine, int index, ref EngineTensorStruct tensor);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_engine_profile_shape")]
    private static partial NativeStatus GetProfileShape(
        EngineHandle engine, byte* input, int profile, ref ExtentsBuffer min, ref ExtentsBuffer opt, ref ExtentsBuffer max, out int rank);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_engine_refit")]
    private static partial NativeStatus Refit(EngineHandle engine, byte* modelPath);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_engine_serialize")]
    private static partial NativeStatus Serialize(EngineHandle engine, out BlobHandle plan);
}
