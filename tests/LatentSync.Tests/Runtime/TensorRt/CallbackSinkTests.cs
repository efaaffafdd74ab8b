using System.Text;
using LatentSync.Runtime.TensorRt;
using LatentSync.Runtime.TensorRt.Native;

namespace LatentSync.Tests.Runtime.TensorRt;

/// <summary>The callbacks as TensorRT calls them: through the pointers of the struct.</summary>
public sealed unsafe class CallbackSinkTests
{
    private sealed class Receiver(Action<EngineBuildStep> act) : IProgress<EngineBuildStep>
    {
        public void Report(EngineBuildStep value) => act(value);
    }

    [Fact]
    public void Callbacks_TextAndNumbers_ArriveUnchanged()
    {
        List<EngineLogLine> lines = [];
        List<EngineBuildStep> steps = [];
        using CallbackSink sink = new(lines.Add, new Receiver(steps.Add), CancellationToken.None);
        CallbacksStruct callbacks = sink.ToStruct();
        fixed (byte* text = Encoding.UTF8.GetBytes("schön\0"))
        {
            callbacks.Log(callbacks.User, 2, text);
            Assert.Equal(1, callbacks.Progress(callbacks.User, text, 1, 3, 7));
        }

        Assert.Equal([new EngineLogLine(EngineLogSeverity.Warning, "schön")], lines);
        Assert.Equal([new EngineBuildStep("schön", 1, 3, 7)], steps);
        sink.ThrowIfReceiverFailed();
    }

    [Fact]
    public void Callbacks_ReceiverThrows_StopsTheBuildAndThrowsLater()
    {
        using CallbackSink sink = new(_ => throw new FormatException("of the log"), progress: null, CancellationToken.None);
        CallbacksStruct callbacks = sink.ToStruct();
        fixed (byte* text = "x\0"u8)
        {
            callbacks.Log(callbacks.User, 99, text);
            Assert.Equal(0, callbacks.Progress(callbacks.User, text, 0, 0, 1));
        }

        Assert.Equal("of the log", Assert.Throws<FormatException>(sink.ThrowIfReceiverFailed).Message);
    }

    [Fact]
    public void Progress_TokenSignalled_StopsTheBuild()
    {
        using CancellationTokenSource source = new();
        using CallbackSink sink = new(log: null, progress: null, source.Token);
        CallbacksStruct callbacks = sink.ToStruct();
        fixed (byte* text = "x\0"u8)
        {
            Assert.Equal(1, callbacks.Progress(callbacks.User, text, 0, 0, 1));
            source.Cancel();
            Assert.Equal(0, callbacks.Progress(callbacks.User, text, 0, 1, 1));
        }
    }
}
