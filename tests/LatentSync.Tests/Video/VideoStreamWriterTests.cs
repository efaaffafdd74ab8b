using System.Globalization;
using System.IO.Pipelines;
using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Tests.Video;

public sealed class VideoStreamWriterTests : IDisposable
{
    private readonly MediaBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(64, 48)]
    [InlineData(65, 47)]
    public async Task CompleteAsync_Frames_GiveFragmentedMp4WithThemAllAndTheSound(int width, int height)
    {
        string tone = _bench.Make("-f", "lavfi", "-i", "sine=d=1.6", "tone.wav");
        using (FileStream file = File.Create(_bench["out.mp4"]))
        {
            await using VideoStreamWriter writer = await VideoStreamWriter.CreateAsync(file, width, height, new VideoWriterOptions { AudioPath = tone });
            for (int i = 0; i < 40; i++)
            {
                await writer.WriteAsync(Frame(width, height, i));
            }

            VideoOutput output = await writer.CompleteAsync();
            Assert.Equal((40, width + (width & 1), height + (height & 1), file.Length), (output.FrameCount, output.Width, output.Height, output.SizeInBytes));
        }

        string[] times = _bench.Run("ffprobe", ["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time", "-of", "csv=p=0", _bench["out.mp4"]])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i / 25.0), times.Select(time => double.Parse(time.Trim(',', '\r'), CultureInfo.InvariantCulture)));
        Assert.StartsWith("h264", _bench.Probe(_bench["out.mp4"], "v", "codec_name"), StringComparison.Ordinal);
        Assert.StartsWith("aac", _bench.Probe(_bench["out.mp4"], "a", "codec_name"), StringComparison.Ordinal);

        // moov before all frames, and a fragment for nearly every one of them.
        byte[] bytes = File.ReadAllBytes(_bench["out.mp4"]);
        Assert.InRange(bytes.AsSpan().IndexOf("moov"u8), 0, bytes.AsSpan().IndexOf("moof"u8));
        Assert.InRange(Count(bytes), 30, 60);
    }

    /// <summary>All frames of a chunk but the last have left before the next chunk comes: the reader sees them while the writer waits.</summary>
    [Fact]
    public async Task WriteAsync_ChunkWritten_LeavesBeforeTheNextOne()
    {
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
        await using VideoStreamWriter writer = await VideoStreamWriter.CreateAsync(pipe.Writer.AsStream(), 64, 48);
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
        List<byte> arrived = [];
        for (int chunk = 1; chunk <= 3; chunk++)
        {
            for (int i = 0; i < 16; i++)
            {
                await writer.WriteAsync(Frame(64, 48, i));
            }

            while (Count([.. arrived]) < (16 * chunk) - 1)
            {
                ReadResult read = await pipe.Reader.ReadAsync(patience.Token);
                foreach (ReadOnlyMemory<byte> part in read.Buffer)
                {
                    arrived.AddRange(part.Span);
                }

                pipe.Reader.AdvanceTo(read.Buffer.End);
            }
        }

        await writer.CompleteAsync();
    }

    [Fact]
    public async Task WriteAsync_ReaderGone_SaysSo()
    {
        await using VideoStreamWriter writer = await VideoStreamWriter.CreateAsync(new BrokenStream(), 64, 48);

        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(async () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                await writer.WriteAsync(Frame(64, 48, i));
            }

            await writer.CompleteAsync();
        });

        Assert.Equal(LatentSyncError.Output, error.Error);
        Assert.Contains("takes no more (Broken pipe)", error.Message, StringComparison.Ordinal);
        Assert.Equal(error, await Assert.ThrowsAsync<LatentSyncException>(async () => await writer.WriteAsync(Frame(64, 48, 0))));
    }

    [Fact]
    public async Task CompleteAsync_NoFrame_IsRefused()
    {
        await using VideoStreamWriter writer = await VideoStreamWriter.CreateAsync(Stream.Null, 64, 48);
        Assert.Equal(LatentSyncError.Output, (await Assert.ThrowsAsync<LatentSyncException>(() => writer.CompleteAsync())).Error);
    }

    private static int Count(ReadOnlySpan<byte> bytes) => bytes.Count("moof"u8);

    private static RgbImage Frame(int width, int height, int index)
    {
        RgbImage frame = new(width, height);
        frame.Span.Fill((byte)(5 * index));
        return frame;
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("Broken pipe");
    }
}
