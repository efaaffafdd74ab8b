namespace LatentSync.Pipeline.Host;

/// <summary>The new faces of a group, <c>[F,3,R,R]</c>, in memory that goes back to its pool when it is disposed.</summary>
internal sealed class FaceBuffer(FaceBufferPool pool, float[] array, int length) : IDisposable
{
    /// <summary>The values; not to be used after disposal.</summary>
    public Memory<float> Values => array.AsMemory(0, length);

    public void Dispose() => pool.Return(array);
}
