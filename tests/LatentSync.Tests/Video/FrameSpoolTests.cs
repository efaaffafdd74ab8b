using LatentSync.Runtime;
using LatentSync.Video;

namespace LatentSync.Tests.Video;

public sealed class FrameSpoolTests : IDisposable
{
    private readonly MediaBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(37, 29)]
    [InlineData(16, 3)]
    [InlineData(1, 1)]
    public void MoveTo_NoiseInAnyOrder_ComesBackExactly(int width, int height)
    {
        Random random = new(7);
        byte[][] frames = [.. Enumerable.Range(0, 6).Select(_ =>
        {
            byte[] pixels = new byte[width * height * 3];
            random.NextBytes(pixels);
            return pixels;
        })];
        using FrameSpool spool = FrameSpool.Create(_bench.Folder, width, height);
        foreach (byte[] frame in frames)
        {
            spool.Append(frame);
        }

        foreach (int index in new[] { 5, 4, 3, 2, 1, 0, 0, 1, 2, 3, 4, 5, 5, 0, 5, 2 })
        {
            spool.MoveTo(index);
            Assert.Equal(index, spool.Index);
            Assert.Equal(frames[index], spool.Frame.ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(53)]
    public void FrameDelta_EitherWay_IsTheDifferenceModulo256(int pixels)
    {
        Random random = new(pixels);
        byte[] from = new byte[pixels * 3], to = new byte[pixels * 3], planes = new byte[pixels * 3];
        random.NextBytes(from);
        random.NextBytes(to);

        FrameDelta.Compute(to, from, planes);
        byte[] forward = [.. from], back = [.. to];
        FrameDelta.Add(forward, planes);
        FrameDelta.Subtract(back, planes);

        for (int i = 0; i < pixels; i++)
        {
            byte green = (byte)(to[(i * 3) + 1] - from[(i * 3) + 1]);
            Assert.Equal(green, planes[i]);
            Assert.Equal((byte)(to[i * 3] - from[i * 3] - green), planes[pixels + i]);
            Assert.Equal((byte)(to[(i * 3) + 2] - from[(i * 3) + 2] - green), planes[(2 * pixels) + i]);
        }

        Assert.Equal(to, forward);
        Assert.Equal(from, back);
    }

    [Fact]
    public void Append_StillPicture_TakesNextToNothing()
    {
        byte[] frame = MediaBench.Gradient(320, 240, 0).Span.ToArray();
        using FrameSpool spool = FrameSpool.Create(_bench.Folder, 320, 240);
        for (int i = 0; i < 10; i++)
        {
            spool.Append(frame);
        }

        Assert.InRange(spool.SizeInBytes, 1, 2000);
    }

    [SkippableFact]
    public void Append_DiskFull_NamesFolderAndOption()
    {
        using SmallDisk disk = SmallDisk.Mount(_bench["disk"], 256 * 1024);
        Random random = new(1);
        byte[] noise = new byte[200 * 100 * 3];

        LatentSyncException error = Assert.Throws<LatentSyncException>(() =>
        {
            using FrameSpool spool = FrameSpool.Create(disk.Folder, 200, 100);
            for (int i = 0; i < 20; i++)
            {
                random.NextBytes(noise);
                spool.Append(noise);
            }
        });

        Assert.Equal(LatentSyncError.Output, error.Error);
        Assert.Contains(disk.Folder, error.Message, StringComparison.Ordinal);
        Assert.Contains("--temp-dir", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Folder));
    }
}
