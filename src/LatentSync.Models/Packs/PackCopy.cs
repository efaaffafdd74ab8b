namespace LatentSync.Models.Packs;

/// <summary>A graph that goes into a pack as it is.</summary>
/// <param name="Name">One of <see cref="PackComponentName"/>.</param>
/// <param name="Source">The file.</param>
/// <param name="Relative">Its path in the pack, with forward slashes: a fixed name, whatever the source is called.</param>
/// <param name="File">What the file says of itself.</param>
internal sealed record PackCopy(string Name, string Source, string Relative, OnnxFile File)
{
    /// <summary>Bytes that it takes in the pack.</summary>
    public long SizeInBytes => new FileInfo(Source).Length;

    /// <summary>Copies it into the staging folder, hashing on the way.</summary>
    public PackComponent Write(string staging, ByteProgress progress, CancellationToken cancellationToken)
    {
        (long size, string sha256) = FileHash.Copy(Source, Path.Combine(staging, Relative.Replace('/', Path.DirectorySeparatorChar)), progress, cancellationToken);
        return new PackComponent(Name, Relative, "as supplied", File.ParameterCount, File.Inputs, File.Outputs, [new PackFile(Relative, size, sha256)]);
    }
}
