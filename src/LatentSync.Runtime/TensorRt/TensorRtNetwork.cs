using System.Text;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.Exceptions;
using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Runtime.TensorRt.Native;

namespace LatentSync.Runtime.TensorRt;

/// <summary>
/// A network that TensorRT has loaded; its weights are on the device. Safe for several threads, except for <see cref="Refit"/>. Executions may
/// outlive its disposal and keep the native engine alive.
/// </summary>
public sealed unsafe class TensorRtNetwork : IDisposable
{
    private readonly EngineHandle _handle;
    private readonly CallbackSink _sink;

    private TensorRtNetwork(EngineHandle handle, CallbackSink sink)
    {
        _handle = handle;
        _sink = sink;
        EngineInfoStruct info = handle.Info;
        ProfileCount = info.ProfileCount;
        LayerCount = info.LayerCount;
        IsRefittable = info.IsRefittable != 0;
        ActivationSizeInBytes = info.ActivationSize;
        StreamableWeightsInBytes = info.WeightsSize;
        ILookup<bool, TensorContract> tensors = Enumerable.Range(0, info.TensorCount).Select(handle.Tensor).ToLookup(tensor => tensor.IsInput != 0, Contract);
        Inputs = [.. tensors[true]];
        Outputs = [.. tensors[false]];
    }

    /// <summary>The inputs, in the engine's order.</summary>
    public IReadOnlyList<TensorContract> Inputs { get; }

    /// <summary>The outputs, in the engine's order.</summary>
    public IReadOnlyList<TensorContract> Outputs { get; }

    /// <summary>Number of optimization profiles.</summary>
    public int ProfileCount { get; }

    /// <summary>Number of layers that are left after TensorRT's fusions.</summary>
    public int LayerCount { get; }

    /// <summary>Whether <see cref="Refit"/> works.</summary>
    public bool IsRefittable { get; }

    /// <summary>Bytes of activation memory that an execution of any profile needs at most.</summary>
    public long ActivationSizeInBytes { get; }

    /// <summary>Bytes of weights that can be streamed; 0 where streaming is off.</summary>
    public long StreamableWeightsInBytes { get; }

    /// <summary>Loads an engine file: verifies every byte, then the plan's header, then hands the plan to TensorRT.</summary>
    /// <param name="tensorRt">TensorRT.</param>
    /// <param name="device">Where it shall run.</param>
    /// <param name="path">The engine file.</param>
    /// <param name="weightBudgetInBytes">With weight streaming, bytes of weights kept on the device; null for all.</param>
    /// <param name="log">Receives what TensorRT says, for as long as the network lives and on any thread; may be null.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="PlanRefusedException">The file is damaged, or was made by another TensorRT; the message names it and the fix.</exception>
    /// <exception cref="LatentSyncException">TensorRT refuses it, or the device has no room.</exception>
    public static TensorRtNetwork Load(
        TensorRtLibrary tensorRt, CudaDevice device, string path, long? weightBudgetInBytes = null, Action<EngineLogLine>? log = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tensorRt);
        ArgumentNullException.ThrowIfNull(device);
        EngineFile file = EngineFile.Open(path);
        file.RequireTensorRt(tensorRt.Version);
        using PlanMemory plan = file.ReadPlan(cancellationToken);
        PlanHeader.Check(path, plan, tensorRt.Version);
        CallbackSink sink = new(log, progress: null, CancellationToken.None);
        EngineHandle handle;
        try
        {
            handle = EngineHandle.Create(tensorRt.Handle, device.Handle, plan.Pointer, plan.Size, weightBudgetInBytes ?? -1, sink);
        }
        catch (PlanRefusedException exception)
        {
            throw EngineFile.Refused(path, exception.Message, exception);
        }

        try
        {
            return new TensorRtNetwork(handle, sink);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>The extents that an input may have in a profile.</summary>
    /// <param name="input">The input's name.</param>
    /// <param name="profile">The profile, 0-based.</param>
    /// <exception cref="LatentSyncException">There is no such input or profile.</exception>
    public ProfileShape Shape(string input, int profile)
    {
        (long[] min, long[] opt, long[] max) = _handle.ProfileShape(input, profile);
        return new ProfileShape(input, min, opt, max);
    }

    /// <summary>Makes an execution; it has no shapes, addresses and activation memory yet.</summary>
    /// <param name="profile">The profile, 0-based.</param>
    /// <param name="stream">Where the choice of the profile is enqueued, and waited for.</param>
    /// <exception cref="LatentSyncException">There is no such profile, or TensorRT fails.</exception>
    public TensorRtExecution CreateExecution(int profile, CudaStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new TensorRtExecution(ExecutionHandle.Create(_handle, profile, stream.Handle), profile);
    }

    /// <summary>Gives the network the weights of another checkpoint of the same graph. No execution may run meanwhile; captured graphs stay valid.</summary>
    /// <param name="modelPath">The ONNX file, at the engine's precision; external data is found beside it.</param>
    /// <exception cref="NativeUnsupportedException">The engine was not built to be refitted.</exception>
    /// <exception cref="EngineExecutionException">The graphs differ; the message names a weight.</exception>
    public void Refit(string modelPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        _handle.Refit(modelPath);
        _sink.ThrowIfReceiverFailed();
    }

    /// <summary>The plan with the weights that the network has now.</summary>
    internal Stream Serialize() => _handle.Serialize().OpenRead();

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static TensorContract Contract(EngineTensorStruct tensor)
    {
        ReadOnlySpan<byte> name = tensor.Name;
        int end = name.IndexOf((byte)0);
        return new TensorContract(Encoding.UTF8.GetString(end < 0 ? name : name[..end]), ElementTypeName(tensor.ElementType), tensor.Extents.ToArray(tensor.Rank));
    }

    // ONNX's TensorProto.DataType, in the spelling of the manifests.
    private static string ElementTypeName(int type) => type switch
    {
        1 => "float",
        2 => "uint8",
        3 => "int8",
        6 => "int32",
        7 => "int64",
        9 => "bool",
        10 => "float16",
        16 => "bfloat16",
        17 => "float8e4m3fn",
        _ => "unknown",
    };
}
