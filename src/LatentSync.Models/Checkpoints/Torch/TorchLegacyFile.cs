using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace LatentSync.Models.Checkpoints.Torch;

/// <summary>
/// The format before torch 1.6 (<c>_legacy_save</c> in <c>torch/serialization.py</c>): pickles of a magic number, a version, facts about
/// the machine, the data, and the list of storage keys; then each storage as a 64-bit element count and its elements, always little-endian.
/// </summary>
internal static class TorchLegacyFile
{
    private const long ProtocolVersion = 1001;

    // As for data.pkl in the zip format.
    private const long MaxPickleInBytes = 16 << 20;

    private static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static TorchContents Read(FileStream stream)
    {
        PickleInput input = new(stream, new FileRegion(0, Math.Min(stream.Length, MaxPickleInBytes)));
        TorchObjects objects = new(stream.Name);
        if (new PickleMachine(input, objects).Read() is not BigInteger magic || magic != Magic)
        {
            throw CheckpointFile.Damaged(stream.Name, "it is a bare pickle without torch's magic number");
        }

        if (new PickleMachine(input, objects).Read() is not ProtocolVersion)
        {
            throw CheckpointFile.Damaged(stream.Name, "it is of an unknown version of torch's older format");
        }

        new PickleMachine(input, objects).Read();
        object? root = new PickleMachine(input, objects).Read();
        object? keys = new PickleMachine(input, objects).Read();
        return new TorchContents(root, LocateStorages(stream, input.Position, objects.Storages, keys), IsBigEndian: false);
    }

    private static Dictionary<string, FileRegion> LocateStorages(FileStream stream, long position, IReadOnlyList<TorchStorage> storages, object? keys)
    {
        Dictionary<string, TorchStorage> claims = new(StringComparer.Ordinal);
        foreach (TorchStorage storage in storages)
        {
            if (claims.TryGetValue(storage.Key, out TorchStorage? other) && other.DType != storage.DType)
            {
                throw CheckpointFile.Damaged(stream.Name, $"storage {CheckpointFile.Quote(storage.Key)} has two element types");
            }

            claims[storage.Key] = storage;
        }

        Dictionary<string, FileRegion> regions = new(StringComparer.Ordinal);
        foreach (object? item in keys as List<object?> ?? throw CheckpointFile.Damaged(stream.Name, "its list of storages is missing"))
        {
            if (item is not string key || !claims.TryGetValue(key, out TorchStorage? storage) || regions.ContainsKey(key))
            {
                throw CheckpointFile.Damaged(stream.Name, $"its list of storages names {CheckpointFile.Quote(item as string)}, which no tensor uses or which came before");
            }

            FileRegion region = ReadRegion(stream, position, storage);
            regions.Add(key, region);
            position = region.End;
        }

        foreach (TorchStorage storage in storages)
        {
            if (!regions.TryGetValue(storage.Key, out FileRegion region) || region.Length < storage.SizeInBytes)
            {
                throw CheckpointFile.Damaged(stream.Name, $"storage {CheckpointFile.Quote(storage.Key)} of {storage.SizeInBytes} bytes is missing or shorter");
            }
        }

        return regions;
    }

    private static FileRegion ReadRegion(FileStream stream, long position, TorchStorage storage)
    {
        Span<byte> countBytes = stackalloc byte[sizeof(long)];
        CheckpointFile.ReadExactly(stream, position, countBytes);
        long count = BinaryPrimitives.ReadInt64LittleEndian(countBytes);
        long start = position + sizeof(long);
        int size = storage.DType?.SizeInBytes() ?? 1;
        return count >= 0 && count <= (stream.Length - start) / size
            ? new FileRegion(start, count * size)
            : throw CheckpointFile.Damaged(stream.Name, $"storage {CheckpointFile.Quote(storage.Key)} of {count} elements does not fit into it");
    }
}
