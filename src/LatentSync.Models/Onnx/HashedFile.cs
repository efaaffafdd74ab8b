using System.Security.Cryptography;

namespace LatentSync.Models.Onnx;

/// <summary>Length and hash of a file just written.</summary>
internal sealed record HashedFile(long LengthInBytes, string Sha256)
{
    public static HashedFile Write(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        return new HashedFile(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    public WrittenFile At(string path) => new(path, LengthInBytes, Sha256);
}
