using System.Text.Json;

namespace LatentSync.Models.Checkpoints;

/// <summary>Several checkpoint files read as one, as an index (<c>weight_map</c>: tensor to file name) lists them.</summary>
internal sealed class ShardedCheckpoint : ICheckpoint
{
    private const int MaxIndexInBytes = 16 << 20;
    private const int MaxShards = 256;

    private readonly Dictionary<string, ICheckpoint> _shards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ICheckpoint> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CheckpointTensor> _tensors = new(StringComparer.Ordinal);

    private ShardedCheckpoint(string path)
    {
        Path = path;
    }

    public string Path { get; }

    public IReadOnlyList<string> Files => [Path, .. _shards.Values.SelectMany(s => s.Files)];

    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    public IReadOnlyDictionary<string, object> Metadata { get; } = new Dictionary<string, object>();

    public static ShardedCheckpoint Open(string path)
    {
        JsonElement index = DiffusersFolder.ReadJson(path, MaxIndexInBytes);
        if (!index.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            throw CheckpointFile.Damaged(path, "it has no 'weight_map'");
        }

        ShardedCheckpoint checkpoint = new(path);
        try
        {
            foreach (JsonProperty entry in map.EnumerateObject())
            {
                checkpoint.Add(entry.Name, entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : string.Empty);
            }

            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    public void Read(string name, long elementOffset, Span<byte> destination)
    {
        CheckpointFile.Find(this, name);
        _owners[name].Read(name, elementOffset, destination);
    }

    public void ReadFloat32(string name, long elementOffset, Span<float> destination)
    {
        CheckpointFile.Find(this, name);
        _owners[name].ReadFloat32(name, elementOffset, destination);
    }

    public void Dispose()
    {
        foreach (ICheckpoint shard in _shards.Values)
        {
            shard.Dispose();
        }
    }

    private void Add(string name, string fileName)
    {
        // The index may come from anyone: it must not reach outside its folder.
        if (fileName.Length == 0 || fileName is "." or ".." || fileName.AsSpan().IndexOfAny('/', '\\', ':') >= 0 || fileName.Contains('\0', StringComparison.Ordinal))
        {
            throw CheckpointFile.Damaged(Path, $"it names {CheckpointFile.Quote(fileName)}, which is no file beside it");
        }

        if (!_shards.TryGetValue(fileName, out ICheckpoint? shard))
        {
            if (_shards.Count == MaxShards)
            {
                throw CheckpointFile.Damaged(Path, $"it names more than {MaxShards} files");
            }

            shard = CheckpointReader.OpenFile(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, fileName));
            _shards.Add(fileName, shard);
        }

        CheckpointTensor tensor = CheckpointFile.Find(shard, name);
        if (!_tensors.TryAdd(name, tensor))
        {
            throw CheckpointFile.Damaged(Path, $"it lists tensor {CheckpointFile.Quote(name)} twice");
        }

        _owners.Add(name, shard);
    }
}
