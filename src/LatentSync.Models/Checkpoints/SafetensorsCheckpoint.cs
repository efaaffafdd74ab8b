using System.Buffers.Binary;
using System.Text.Json;
using LatentSync.Runtime;

namespace LatentSync.Models.Checkpoints;

/// <summary>
/// Reads a safetensors file: eight bytes of header length, a JSON header of name, dtype, shape and byte range, then the elements.
/// Every claim of the header is checked against the file's size before it is believed.
/// </summary>
public sealed class SafetensorsCheckpoint : ICheckpoint
{
    // The full-size UNet's header takes 0.2 MB. The format itself allows 100 MB, which parsed would fill memory for nothing.
    private const long MaxHeaderInBytes = 16 << 20;
    private const int MaxDimensions = 64;
    private const int MaxTensors = 100_000;

    private readonly FileStream _stream;
    private readonly Dictionary<string, long> _offsets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CheckpointTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _metadata = new(StringComparer.Ordinal);

    private SafetensorsCheckpoint(FileStream stream)
    {
        _stream = stream;
    }

    /// <inheritdoc/>
    public string Path => _stream.Name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object> Metadata => _metadata;

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LatentSyncException">The file is missing or its header is damaged.</exception>
    public static SafetensorsCheckpoint Open(string path)
    {
        FileStream stream = CheckpointFile.OpenRead(path);
        SafetensorsCheckpoint checkpoint = new(stream);
        try
        {
            checkpoint.ReadHeader();
            return checkpoint;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or OverflowException or KeyNotFoundException or IndexOutOfRangeException)
        {
            stream.Dispose();
            throw CheckpointFile.Damaged(path, "its safetensors header is not valid", exception);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Read(string name, long elementOffset, Span<byte> destination)
    {
        CheckpointTensor tensor = CheckpointFile.Find(this, name);
        CheckpointFile.CheckRange(tensor, elementOffset, destination.Length);
        CheckpointFile.ReadExactly(_stream, _offsets[name] + (elementOffset * tensor.DType.SizeInBytes()), destination);
    }

    /// <inheritdoc/>
    public void ReadFloat32(string name, long elementOffset, Span<float> destination) =>
        CheckpointFile.ReadFloat32(this, name, elementOffset, destination);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void ReadHeader()
    {
        Span<byte> lengthBytes = stackalloc byte[8];
        if (_stream.Length < 8)
        {
            throw CheckpointFile.Damaged(Path, "it is shorter than a safetensors header");
        }

        CheckpointFile.ReadExactly(_stream, 0, lengthBytes);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > MaxHeaderInBytes || (long)length > _stream.Length - 8)
        {
            throw CheckpointFile.Damaged(Path, $"its header claims {length} bytes (the file has {_stream.Length}, at most {MaxHeaderInBytes} are read)");
        }

        byte[] header = new byte[(int)length];
        CheckpointFile.ReadExactly(_stream, 8, header);
        using JsonDocument document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
        long dataStart = 8 + (long)length;
        List<(long Begin, long End, string Name)> ranges = [];
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (property.NameEquals("__metadata__"))
            {
                if (property.Value.ValueKind == JsonValueKind.Null)
                {
                    continue;
                }

                foreach (JsonProperty entry in property.Value.EnumerateObject())
                {
                    _metadata[entry.Name] = entry.Value.GetString() ?? string.Empty;
                }

                continue;
            }

            ranges.Add(ReadEntry(property, dataStart));
        }

        CheckOverlap(ranges);
    }

    private (long Begin, long End, string Name) ReadEntry(JsonProperty property, long dataStart)
    {
        string name = property.Name;
        CheckpointDType dtype = ParseDType(name, property.Value.GetProperty("dtype").GetString());
        JsonElement extents = property.Value.GetProperty("shape");
        if (extents.GetArrayLength() > MaxDimensions || _tensors.Count == MaxTensors)
        {
            throw CheckpointFile.Damaged(Path, $"tensor {CheckpointFile.Quote(name)} has more than {MaxDimensions} dimensions, or comes after {MaxTensors} others");
        }

        long[] shape = [.. extents.EnumerateArray().Select(e => e.GetInt64())];
        JsonElement offsets = property.Value.GetProperty("data_offsets");
        long begin = offsets[0].GetInt64(), end = offsets[1].GetInt64();
        CheckpointTensor tensor = new(name, dtype, shape);
        if (begin < 0 || end < begin || end > _stream.Length - dataStart)
        {
            throw CheckpointFile.Damaged(Path, $"tensor {CheckpointFile.Quote(name)} lies outside the file (bytes {begin} to {end})");
        }

        if (SizeInBytes(shape, dtype) is not { } size)
        {
            throw CheckpointFile.Damaged(Path, $"tensor {CheckpointFile.Quote(name)} has the impossible shape [{string.Join(',', shape)}]");
        }

        if (end - begin != size)
        {
            throw CheckpointFile.Damaged(Path, $"tensor {CheckpointFile.Quote(name)} of shape [{string.Join(',', shape)}] takes {size} bytes, its range holds {end - begin}");
        }

        if (!_tensors.TryAdd(name, tensor))
        {
            throw CheckpointFile.Damaged(Path, $"tensor {CheckpointFile.Quote(name)} is listed twice");
        }

        _offsets[name] = dataStart + begin;
        return (begin, end, name);
    }

    private static long? SizeInBytes(long[] shape, CheckpointDType dtype)
    {
        Int128 size = dtype.SizeInBytes();
        foreach (long extent in shape)
        {
            size *= extent;
            if (extent < 0 || size > long.MaxValue)
            {
                return null;
            }
        }

        return (long)size;
    }

    private void CheckOverlap(List<(long Begin, long End, string Name)> ranges)
    {
        ranges.Sort();
        for (int i = 1; i < ranges.Count; i++)
        {
            if (ranges[i].Begin < ranges[i - 1].End)
            {
                throw CheckpointFile.Damaged(Path, $"tensors {CheckpointFile.Quote(ranges[i - 1].Name)} and {CheckpointFile.Quote(ranges[i].Name)} overlap");
            }
        }
    }

    private CheckpointDType ParseDType(string name, string? dtype) => dtype switch
    {
        "BOOL" => CheckpointDType.Bool,
        "U8" => CheckpointDType.UInt8,
        "U16" => CheckpointDType.UInt16,
        "U32" => CheckpointDType.UInt32,
        "U64" => CheckpointDType.UInt64,
        "I8" => CheckpointDType.Int8,
        "I16" => CheckpointDType.Int16,
        "I32" => CheckpointDType.Int32,
        "I64" => CheckpointDType.Int64,
        "F8_E4M3" => CheckpointDType.Float8E4M3,
        "F8_E5M2" => CheckpointDType.Float8E5M2,
        "F16" => CheckpointDType.Float16,
        "BF16" => CheckpointDType.BFloat16,
        "F32" => CheckpointDType.Float32,
        "F64" => CheckpointDType.Float64,
        _ => throw CheckpointFile.Damaged(Path, $"tensor {CheckpointFile.Quote(name)} has the unknown dtype {CheckpointFile.Quote(dtype)}"),
    };
}
