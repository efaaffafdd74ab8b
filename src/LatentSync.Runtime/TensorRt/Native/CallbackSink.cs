using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary>
/// What TensorRT says and how far it is, handed on to managed code. The callbacks come on threads of TensorRT's and must not throw there: the first
/// exception of a receiver is kept, stops a build, and is thrown again by <see cref="ThrowIfReceiverFailed"/>.
/// </summary>
internal sealed unsafe class CallbackSink(Action<EngineLogLine>? log, IProgress<EngineBuildStep>? progress, CancellationToken cancellationToken) : IDisposable
{
    private GCHandle<CallbackSink> _self;
    private volatile Exception? _failure;

    /// <summary>The struct to pass; this object must be disposed once the library no longer uses it.</summary>
    internal CallbacksStruct ToStruct()
    {
        if (!_self.IsAllocated)
        {
            _self = new GCHandle<CallbackSink>(this);
        }

        return new CallbacksStruct
        {
            StructSize = sizeof(CallbacksStruct),
            Log = &OnLog,
            Progress = &OnProgress,
            User = (void*)GCHandle<CallbackSink>.ToIntPtr(_self),
        };
    }

    /// <summary>Throws what a receiver threw, if one did.</summary>
    internal void ThrowIfReceiverFailed()
    {
        if (_failure is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _self.Dispose();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(void* user, int severity, byte* message)
    {
        CallbackSink sink = Of(user);
        try
        {
            EngineLogSeverity known = (EngineLogSeverity)Math.Clamp(severity, (int)EngineLogSeverity.InternalError, (int)EngineLogSeverity.Verbose);
            sink.Log(new EngineLogLine(known, Text(message)));
        }
        catch (Exception exception)
        {
            sink._failure ??= exception;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnProgress(void* user, byte* phase, int depth, int step, int stepCount)
    {
        CallbackSink sink = Of(user);
        try
        {
            sink.Report(new EngineBuildStep(Text(phase), depth, step, stepCount));
        }
        catch (Exception exception)
        {
            sink._failure ??= exception;
        }

        return sink.IsStopped ? 0 : 1;
    }

    private static CallbackSink Of(void* user) => GCHandle<CallbackSink>.FromIntPtr((nint)user).Target;

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? string.Empty;

    private bool IsStopped => _failure is not null || cancellationToken.IsCancellationRequested;

    private void Log(EngineLogLine line) => log?.Invoke(line);

    private void Report(EngineBuildStep step) => progress?.Report(step);
}
