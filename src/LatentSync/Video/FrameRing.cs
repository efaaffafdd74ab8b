namespace LatentSync.Video;

/// <summary>The last few frames of a sequence, copied into memory of a fixed size.</summary>
internal sealed class FrameRing(int capacity, int sizeInBytes)
{
    private readonly byte[]?[] _frames = new byte[capacity][];
    private readonly int[] _indices = new int[capacity];

    /// <summary>Keeps a frame in the place of the one <c>capacity</c> before it.</summary>
    public void Keep(int index, ReadOnlySpan<byte> pixels)
    {
        int slot = index % capacity;
        pixels.CopyTo(_frames[slot] ??= GC.AllocateUninitializedArray<byte>(sizeInBytes, pinned: true));
        _indices[slot] = index;
    }

    public bool Holds(int index) => _frames[index % capacity] is not null && _indices[index % capacity] == index;

    /// <summary>The pixels of a frame that it <see cref="Holds"/>.</summary>
    public ReadOnlySpan<byte> Frame(int index) => _frames[index % capacity];
}
