using System.Runtime.InteropServices;
using LatentSync.Runtime.Cuda;
using LatentSync.Runtime.Native;
using LatentSync.Runtime.TensorRt.Native;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>TensorRT's builder.</summary>
internal sealed unsafe class NativePlanBuilder(TensorRtLibrary tensorRt, CudaDevice device, EngineTarget target) : IPlanBuilder
{
    public EngineTarget Target => target;

    public BuiltPlan Build(PlanRequest request, IProgress<EngineBuildStep>? progress, Action<EngineLogLine>? log, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<GCHandle> pinned = [];
        byte* Pin(string text)
        {
            pinned.Add(GCHandle.Alloc(NativeText.ToBytes(text), GCHandleType.Pinned));
            return (byte*)pinned[^1].AddrOfPinnedObject();
        }

        using CallbackSink sink = new(log, progress, cancellationToken);
        try
        {
            ProfileShapeStruct[] shapes =
            [
                .. request.Profiles.SelectMany((profile, index) => profile.Shapes.Select(shape => new ProfileShapeStruct
                {
                    Input = Pin(shape.Input),
                    Profile = index,
                    Rank = shape.Min.Count,
                    Min = ExtentsBuffer.From(shape.Min),
                    Opt = ExtentsBuffer.From(shape.Opt),
                    Max = ExtentsBuffer.From(shape.Max),
                })),
            ];
            fixed (ProfileShapeStruct* shape = shapes)
            fixed (byte* timingCache = request.TimingCache.Span)
            {
                BuildOptionsStruct options = new()
                {
                    StructSize = sizeof(BuildOptionsStruct),
                    ModelPath = Pin(request.ModelPath),
                    Shapes = shape,
                    ShapeCount = shapes.Length,
                    WorkspaceLimit = request.Tuning.WorkspaceInBytes,
                    TimingCache = timingCache,
                    TimingCacheSize = request.TimingCache.Length,
                    OptimizationLevel = request.Tuning.OptimizationLevel,
                    Flags = (int)request.Flags,
                    AuxiliaryStreams = request.Tuning.AuxiliaryStreams,
                };
                return Build(options, sink, cancellationToken);
            }
        }
        finally
        {
            foreach (GCHandle handle in pinned)
            {
                handle.Free();
            }
        }
    }

    public Stream Refit(string enginePath, string modelPath, Action<EngineLogLine>? log, CancellationToken cancellationToken)
    {
        using TensorRtNetwork network = TensorRtNetwork.Load(tensorRt, device, enginePath, log: log, cancellationToken: cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        network.Refit(modelPath);
        return network.Serialize();
    }

    public byte[] MergeTimingCaches(byte[] first, byte[] second) => EngineCalls.MergeTimingCaches(tensorRt.Handle, device.Handle, first, second);

    private BuiltPlan Build(in BuildOptionsStruct options, CallbackSink sink, CancellationToken cancellationToken)
    {
        CallbacksStruct callbacks = sink.ToStruct();
        BlobHandle plan, timingCache;
        try
        {
            (plan, timingCache) = EngineCalls.Build(tensorRt.Handle, device.Handle, in options, in callbacks);
        }
        catch (OperationCanceledException)
        {
            // A receiver's failure stops a build as the token does.
            sink.ThrowIfReceiverFailed();
            throw new OperationCanceledException(cancellationToken);
        }

        using (timingCache)
        {
            try
            {
                sink.ThrowIfReceiverFailed();
                return new BuiltPlan(plan.OpenRead(), timingCache.ToArray());
            }
            catch
            {
                plan.Dispose();
                throw;
            }
        }
    }
}
