namespace LatentSync.Pipeline.Prepared;

/// <summary>
/// Where the parts of a cut and encoded face lie in a record of fixed size, little-endian: the aligned face <c>[R,R,3]</c> bytes, then the latents of the
/// masked and of the whole face, each <c>[C,R/8,R/8]</c> float32, scaled.
/// </summary>
/// <param name="Resolution">Face resolution R in pixels, a multiple of 8.</param>
/// <param name="LatentChannels">C.</param>
internal readonly record struct FaceRecordLayout(int Resolution, int LatentChannels)
{
    private const int LatentScale = 8;

    /// <summary>Bytes of the face, which comes first.</summary>
    public int FaceSize => 3 * Resolution * Resolution;

    /// <summary>Values of one picture's latents.</summary>
    public int LatentLength => LatentChannels * (Resolution / LatentScale) * (Resolution / LatentScale);

    /// <summary>Bytes of both pictures' latents, which follow the face.</summary>
    public int LatentsSize => 2 * LatentLength * sizeof(float);

    /// <summary>Bytes of a record.</summary>
    public int RecordSize => FaceSize + LatentsSize;
}
