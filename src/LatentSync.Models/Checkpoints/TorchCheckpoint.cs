using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LatentSync.Models.Checkpoints.Torch;
using LatentSync.Runtime;

namespace LatentSync.Models.Checkpoints;

/// <summary>
/// Reads what <c>torch.save</c> writes: the zip format (zip64 included) and the one before torch 1.6. The pickle inside is read as data:
/// names of an allow-list (tensors, storages, parameters, ordered dicts, sizes, dtypes) become values, any other name is refused, and nothing is called.
/// Strided views, views of shared storages and both byte orders come out as plain row-major little-endian elements.
/// </summary>
public sealed class TorchCheckpoint : ICheckpoint
{
    // A view may repeat elements (stride 0); one that unfolds to more than this and more than the file itself is an attack.
    private const long MaxUnfoldedInBytes = 256 << 20;

    private readonly FileStream _stream;
    private readonly Dictionary<string, CheckpointTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorView> _views = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, object> _metadata;
    private readonly bool _isBigEndian;

    private TorchCheckpoint(FileStream stream, bool isZip)
    {
        _stream = stream;
        TorchContents contents = isZip ? TorchZipFile.Read(stream) : TorchLegacyFile.Read(stream);
        _isBigEndian = contents.IsBigEndian;
        StateDict state = StateDict.Find(stream.Name, contents.Root);
        _metadata = state.Metadata;
        foreach ((string name, TorchTensor tensor) in state.Tensors)
        {
            Add(name, tensor, contents.Storages[tensor.Storage.Key]);
        }
    }

    /// <inheritdoc/>
    public string Path => _stream.Name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object> Metadata => _metadata;

    /// <summary>Opens a file and reads names, shapes and scalars; elements are read on demand.</summary>
    /// <param name="path">A file of <c>torch.save</c>.</param>
    /// <exception cref="LatentSyncException">The file is missing, damaged, not torch's, or holds more than tensors, containers and scalars.</exception>
    public static TorchCheckpoint Open(string path)
    {
        FileStream stream = CheckpointFile.OpenRead(path);
        try
        {
            byte[] head = new byte[(int)Math.Min(4, stream.Length)];
            CheckpointFile.ReadExactly(stream, 0, head);
            return IsTorch(head) ? new TorchCheckpoint(stream, IsZip(head)) : throw CheckpointFile.Damaged(path, "it is not a torch file");
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
        StridedReader.Read(_stream, _views[name], elementOffset, destination);
        if (_isBigEndian)
        {
            Reverse(destination, tensor.DType.SizeInBytes());
        }
    }

    /// <inheritdoc/>
    public void ReadFloat32(string name, long elementOffset, Span<float> destination) =>
        CheckpointFile.ReadFloat32(this, name, elementOffset, destination);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>Whether a file that begins so is one of torch's two formats: a zip file, or a pickle of protocol 2 to 5.</summary>
    internal static bool IsTorch(ReadOnlySpan<byte> head) => IsZip(head) || head is [0x80, >= 2 and <= 5, ..];

    private static bool IsZip(ReadOnlySpan<byte> head) => head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8);

    private void Add(string name, TorchTensor tensor, FileRegion storage)
    {
        CheckpointTensor info = new(name, tensor.DType, tensor.Shape);
        int size = tensor.DType.SizeInBytes();
        if (info.ElementCount > Math.Max(MaxUnfoldedInBytes, _stream.Length) / size)
        {
            throw CheckpointFile.Damaged(Path, $"tensor {CheckpointFile.Quote(name)} of shape [{string.Join(',', tensor.Shape)}] is larger than the file and its views could need");
        }

        // A view's first element counts in the storage's own type, the tensor's offset in the tensor's.
        long start = storage.Offset + (tensor.Storage.FirstElement * (tensor.Storage.DType?.SizeInBytes() ?? 1)) + (tensor.Offset * size);
        _tensors.Add(name, info);
        _views.Add(name, new TensorView(start, size, tensor.Shape, tensor.Strides));
    }

    private static void Reverse(Span<byte> elements, int size)
    {
        switch (size)
        {
            case 2:
                Span<ushort> halves = MemoryMarshal.Cast<byte, ushort>(elements);
                BinaryPrimitives.ReverseEndianness(halves, halves);
                break;
            case 4:
                Span<uint> words = MemoryMarshal.Cast<byte, uint>(elements);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 8:
                Span<ulong> longs = MemoryMarshal.Cast<byte, ulong>(elements);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                break;
        }
    }
}
