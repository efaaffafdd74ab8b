using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LatentSync.Models.Checkpoints;

namespace LatentSync.Benchmarks;

/// <summary>
/// A checkpoint of the real UNet's size whose weights come from the references' formula (<c>full_size.py</c>): hash noise, scaled so that values neither
/// grow nor vanish. Nothing lies on disk but the table of names and shapes.
/// </summary>
internal sealed class FormulaCheckpoint : ICheckpoint
{
    private const string PositionEncoding = "pos_encoder.pe";

    /// <summary>Reads the table.</summary>
    /// <param name="path">JSON: an object of name to shape.</param>
    public FormulaCheckpoint(string path)
    {
        Path = path;
        Dictionary<string, long[]> shapes = JsonSerializer.Deserialize<Dictionary<string, long[]>>(File.ReadAllBytes(path))!;
        Tensors = shapes.ToDictionary(entry => entry.Key, entry => new CheckpointTensor(entry.Key, CheckpointDType.Float32, entry.Value), StringComparer.Ordinal);
    }

    public string Path { get; }

    public IReadOnlyDictionary<string, CheckpointTensor> Tensors { get; }

    public IReadOnlyDictionary<string, object> Metadata { get; } = new Dictionary<string, object>();

    public void Read(string name, long elementOffset, Span<byte> destination) => ReadFloat32(name, elementOffset, MemoryMarshal.Cast<byte, float>(destination));

    public void ReadFloat32(string name, long elementOffset, Span<float> destination)
    {
        CheckpointTensor tensor = Tensors[name];
        if (name.EndsWith(PositionEncoding, StringComparison.Ordinal))
        {
            FillPositions(tensor.Shape[2], elementOffset, destination);
            return;
        }

        (float scale, float offset) = tensor.Shape.Count >= 2
            ? ((float)Math.Sqrt(3.0 / tensor.Shape.Skip(1).Aggregate(1L, (product, extent) => product * extent)), 0f)
            : name.EndsWith("weight", StringComparison.Ordinal) ? (0.1f, 1f) : (0.05f, 0f);
        ulong start = HashOf(name) + (ulong)elementOffset;
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = offset + (scale * Noise(start + (ulong)i));
        }
    }

    public void Dispose()
    {
    }

    // splitmix64, its upper 24 bits as -1..1.
    private static float Noise(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return ((float)(z >> 40) / (1 << 23)) - 1;
    }

    // 64-bit FNV-1a.
    private static ulong HashOf(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ b) * 0x100000001B3;
        }

        return hash;
    }

    // [1, length, width]: even columns sine, odd columns cosine.
    private static void FillPositions(long width, long elementOffset, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            (long position, long column) = Math.DivRem(elementOffset + i, width);
            float angle = position * MathF.Exp((column & ~1L) * (float)(-Math.Log(10000.0) / width));
            destination[i] = (column & 1) == 0 ? MathF.Sin(angle) : MathF.Cos(angle);
        }
    }
}
