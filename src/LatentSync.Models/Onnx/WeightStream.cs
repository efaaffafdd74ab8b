using System.Security.Cryptography;
using System.Threading.Channels;

namespace LatentSync.Models.Onnx;

/// <summary>
/// Streams weights into a data file: one task reads (and transforms) the next window while this thread hashes and writes the last one.
/// </summary>
internal static class WeightStream
{
    // Four windows in flight: enough for either side to run ahead, 16 MB in all.
    private const int WindowInBytes = 4 << 20;
    private const int WindowCount = 4;

    public static HashedFile Write(string path, IReadOnlyList<(TensorSource Source, long Offset)> weights, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<byte[]> free = Channel.CreateBounded<byte[]>(WindowCount);
        Channel<(byte[] Window, int Length)> full = Channel.CreateBounded<(byte[], int)>(WindowCount);
        for (int i = 0; i < WindowCount; i++)
        {
            free.Writer.TryWrite(new byte[WindowInBytes]);
        }

        Task reading = Task.Run(() => ReadAsync(weights, free.Reader, full.Writer, stop.Token), CancellationToken.None);
        try
        {
            return Drain(path, full.Reader, free.Writer, progress, cancellationToken);
        }
        finally
        {
            // The reader uses the checkpoint: it must have stopped before the caller closes that.
            stop.Cancel();
            reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).GetAwaiter().GetResult();
        }
    }

    private static HashedFile Drain(string path, ChannelReader<(byte[] Window, int Length)> full, ChannelWriter<byte[]> free, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        long length = 0;
        while (full.WaitToReadAsync(cancellationToken).AsTask().GetAwaiter().GetResult())
        {
            while (full.TryRead(out (byte[] Window, int Length) item))
            {
                ReadOnlySpan<byte> bytes = item.Window.AsSpan(0, item.Length);
                hash.AppendData(bytes);
                stream.Write(bytes);
                length += bytes.Length;
                progress?.Report(length);
                free.TryWrite(item.Window);
            }
        }

        return new HashedFile(length, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    private static async Task ReadAsync(
        IReadOnlyList<(TensorSource Source, long Offset)> weights,
        ChannelReader<byte[]> free,
        ChannelWriter<(byte[] Window, int Length)> full,
        CancellationToken cancellationToken)
    {
        try
        {
            byte[] window = await free.ReadAsync(cancellationToken).ConfigureAwait(false);
            int filled = 0;
            long position = 0;
            foreach ((TensorSource source, long offset) in weights)
            {
                int elementSize = source.ElementType.SizeInBytes();
                long padding = offset - position, element = 0;
                while (padding > 0 || element < source.ElementCount)
                {
                    if (window.Length - filled < elementSize)
                    {
                        await full.WriteAsync((window, filled), cancellationToken).ConfigureAwait(false);
                        window = await free.ReadAsync(cancellationToken).ConfigureAwait(false);
                        filled = 0;
                    }

                    int count;
                    if (padding > 0)
                    {
                        count = (int)Math.Min(padding, window.Length - filled);
                        window.AsSpan(filled, count).Clear();
                        padding -= count;
                    }
                    else
                    {
                        long elements = Math.Min(source.ElementCount - element, (window.Length - filled) / elementSize);
                        count = (int)elements * elementSize;
                        source.Read(element, window.AsSpan(filled, count));
                        element += elements;
                    }

                    filled += count;
                    position += count;
                }
            }

            await full.WriteAsync((window, filled), cancellationToken).ConfigureAwait(false);
            full.Complete();
        }
        catch (Exception exception)
        {
            full.Complete(exception);
        }
    }
}
