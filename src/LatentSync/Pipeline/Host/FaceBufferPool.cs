using System.Collections.Concurrent;

namespace LatentSync.Pipeline.Host;

/// <summary>
/// Buffers for groups of faces, reused: as large objects they would otherwise pile up until a full collection, and memory would grow with the
/// length of a job. Holds as many as were out at the same time.
/// </summary>
internal sealed class FaceBufferPool
{
    private readonly ConcurrentBag<float[]> _free = [];

    /// <summary>A buffer with undefined contents.</summary>
    /// <param name="length">Floats needed.</param>
    public FaceBuffer Rent(int length)
    {
        // A short last chunk fits in a long one's buffer; a longer one replaces a short one's.
        bool fits = _free.TryTake(out float[]? array) && array.Length >= length;
        return new FaceBuffer(this, fits ? array! : GC.AllocateUninitializedArray<float>(length), length);
    }

    /// <summary>Takes a buffer back.</summary>
    public void Return(float[] array) => _free.Add(array);
}
