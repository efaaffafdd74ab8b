namespace LatentSync.Models.Packs;

/// <summary>How far an import has come.</summary>
/// <param name="Stage">The network being written, one of <see cref="PackComponentName"/>, or <c>sources</c> while the rest of the sources is hashed.</param>
/// <param name="BytesDone">Bytes hashed and written so far, over the whole import.</param>
/// <param name="BytesTotal">Bytes there are to hash and write, known from the start to within a few kilobytes.</param>
public readonly record struct ImportProgress(string Stage, long BytesDone, long BytesTotal);
