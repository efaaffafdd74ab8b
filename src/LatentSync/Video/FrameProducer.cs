using System.Threading.Channels;

namespace LatentSync.Video;

/// <summary>
/// A background task that makes frames a bounded number ahead of its reader. Its first error reaches the reader in order, behind the
/// frames made before it; disposing stops the task, waits for it and gives unread frames back.
/// </summary>
internal sealed class FrameProducer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<VideoFrame> _channel;
    private readonly Task _task;

    /// <param name="readAhead">How many finished frames may wait.</param>
    /// <param name="produce">Makes the frames, handing each to its first argument, until done or cancelled.</param>
    public FrameProducer(int readAhead, Func<Func<VideoFrame, ValueTask>, CancellationToken, Task> produce)
    {
        _channel = Channel.CreateBounded<VideoFrame>(new BoundedChannelOptions(Math.Max(1, readAhead)) { SingleReader = true, SingleWriter = true });
        _task = Task.Run(() => RunAsync(produce));
    }

    public async ValueTask<VideoFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_channel.Reader.TryRead(out VideoFrame? frame))
            {
                return frame;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _task.ConfigureAwait(false);
        while (_channel.Reader.TryRead(out VideoFrame? frame))
        {
            frame.Dispose();
        }

        _stop.Dispose();
    }

    private async Task RunAsync(Func<Func<VideoFrame, ValueTask>, CancellationToken, Task> produce)
    {
        try
        {
            await produce(HandOverAsync, _stop.Token).ConfigureAwait(false);
            _channel.Writer.Complete();
        }
        catch (Exception e)
        {
            _channel.Writer.Complete(e); // carried to the reader: nothing may end a background task unseen
        }
    }

    private async ValueTask HandOverAsync(VideoFrame frame)
    {
        try
        {
            await _channel.Writer.WriteAsync(frame, _stop.Token).ConfigureAwait(false);
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }
}
