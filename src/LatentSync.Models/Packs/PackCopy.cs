using System.Buffers;
using System.Security.Cryptography;

namespace LatentSync.Models.Packs;

/// <summary>A graph that goes into a pack as it is.</summary>
/// <param name="Name">One of <see cref="PackComponentName"/>.</param>
/// <param name="Source">The file.</param>
/// <param name="Relative">Its path in the pack, with forward slashes: a fixed name, whatever the source is called.</param>
/// <param name="File">What the file says of itself.</param>
internal sealed record PackCopy(string Name, string Source, string Relative, OnnxFile File)
{
    private const int WindowInBytes = 1 << 20;

    /// <summary>Bytes that it takes in the pack.</summary>
    public long SizeInBytes => new FileInfo(Source).Length;

    /// <summary>Copies it into the staging folder, hashing on the way.</summary>
    public PackComponent Write(string staging, ByteProgress progress, CancellationToken cancellationToken)
    {
        string path = Path.Combine(staging, Relative.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] window = ArrayPool<byte>.Shared.Rent(WindowInBytes);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using FileStream from = new(Source, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using FileStream to = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            long size = 0;
            int read;
            while ((read = from.Read(window)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(window, 0, read);
                to.Write(window, 0, read);
                size += read;
                progress.Add(read);
            }

            PackFile file = new(Relative, size, FileHash.ToText(hash.GetHashAndReset()));
            return new PackComponent(Name, Relative, "as supplied", File.ParameterCount, File.Inputs, File.Outputs, [file]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }
}
