using System.Collections.Concurrent;

namespace LatentSync.Video;

/// <summary>Frame buffers of one size, reused. Holds at most as many as were out at the same time.</summary>
internal sealed class FramePool(int width, int height)
{
    private readonly ConcurrentBag<byte[]> _free = [];

    public int SizeInBytes { get; } = Kernels.RgbImage.SizeInBytes(width, height);

    /// <summary>A frame with undefined pixels; disposing it brings its buffer back.</summary>
    public VideoFrame Rent(int index, int sourceIndex)
    {
        if (!_free.TryTake(out byte[]? buffer))
        {
            // Pinned objects have a heap of their own: among the large ones, hundreds of megabytes of frames that survive would make the
            // collector let as much garbage pile up before it looks.
            buffer = GC.AllocateUninitializedArray<byte>(SizeInBytes, pinned: true);
        }

        return new VideoFrame(index, sourceIndex, new Kernels.RgbImage(width, height, buffer), buffer, this);
    }

    public void Return(byte[] buffer) => _free.Add(buffer);
}
