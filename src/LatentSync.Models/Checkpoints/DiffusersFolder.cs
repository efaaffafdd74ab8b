using System.Text.Json;
using LatentSync.Runtime;

namespace LatentSync.Models.Checkpoints;

/// <summary>
/// Reads a model folder as diffusers writes it: <c>config.json</c> beside <c>diffusion_pytorch_model.safetensors</c> or <c>.bin</c>, whole
/// or in shards with an index. Attention tensors of files older than diffusers 0.17 appear under today's names
/// (<c>query, key, value, proj_attn</c> as <c>to_q, to_k, to_v, to_out.0</c>).
/// </summary>
public sealed class DiffusersFolder : ICheckpoint
{
    private const string ConfigName = "config.json";
    private const string WeightsName = "diffusion_pytorch_model";
    private const int MaxConfigInBytes = 1 << 20;

    private static readonly string[] Endings =
        [".safetensors", ".bin", ".fp16.safetensors", ".fp16.bin", ".safetensors.index.json", ".bin.index.json"];

    private readonly ICheckpoint _weights;
    private readonly Dictionary<string, string> _storedNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CheckpointTensor> _tensors = new(StringComparer.Ordinal);

    private DiffusersFolder(string path, JsonElement config, ICheckpoint weights)
    {
        Path = path;
        Config = config;
        _weights = weights;
        foreach ((string stored, CheckpointTensor tensor) in weights.Tensors)
        {
            string name = CurrentName(stored);
            if (!_tensors.TryAdd(name, tensor with { Name = name }))
            {
                throw CheckpointFile.Damaged(weights.Path, $"tensor {CheckpointFile.Quote(name)} is there under its old and its current name");
            }

            _storedNames.Add(name, stored);
        }
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [System.IO.Path.Combine(Path, ConfigName), .. _weights.Files];

    /// <summary>The object in <c>config.json</c>.</summary>
    public JsonElement Config { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object> Metadata => _weights.Metadata;

    /// <summary>Opens a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="LatentSyncException">The folder, its configuration or its weights are missing or damaged.</exception>
    public static DiffusersFolder Open(string path)
    {
        if (!File.Exists(System.IO.Path.Combine(path, ConfigName)))
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: it is no model folder, there is no {ConfigName} in it; check the path");
        }

        JsonElement config = ReadJson(System.IO.Path.Combine(path, ConfigName), MaxConfigInBytes);
        ICheckpoint weights = OpenWeights(path);
        try
        {
            return new DiffusersFolder(path, config, weights);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Read(string name, long elementOffset, Span<byte> destination) => _weights.Read(StoredName(name), elementOffset, destination);

    /// <inheritdoc/>
    public void ReadFloat32(string name, long elementOffset, Span<float> destination) =>
        _weights.ReadFloat32(StoredName(name), elementOffset, destination);

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    /// <summary>Reads a JSON object, refusing files too large to be one.</summary>
    internal static JsonElement ReadJson(string path, int limitInBytes)
    {
        using FileStream stream = CheckpointFile.OpenRead(path);
        if (stream.Length > limitInBytes)
        {
            throw CheckpointFile.Damaged(path, $"it has {stream.Length} bytes, at most {limitInBytes} are read");
        }

        byte[] bytes = new byte[(int)stream.Length];
        CheckpointFile.ReadExactly(stream, 0, bytes);
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 32 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw CheckpointFile.Damaged(path, "it holds no JSON object");
        }
        catch (JsonException exception)
        {
            throw CheckpointFile.Damaged(path, $"it is not valid JSON (line {exception.LineNumber + 1})", exception);
        }
    }

    private static ICheckpoint OpenWeights(string folder)
    {
        foreach (string ending in Endings)
        {
            string path = System.IO.Path.Combine(folder, WeightsName + ending);
            if (File.Exists(path))
            {
                return ending.EndsWith(".json", StringComparison.Ordinal) ? ShardedCheckpoint.Open(path) : CheckpointReader.OpenFile(path);
            }
        }

        throw new LatentSyncException(LatentSyncError.Model, $"{folder}: there is no {WeightsName}.safetensors or .bin in it; download the model's weights");
    }

    private string StoredName(string name)
    {
        CheckpointFile.Find(this, name);
        return _storedNames[name];
    }

    /// <summary>Today's name of a tensor: only the four projections inside <c>attentions.N</c> changed theirs.</summary>
    private static string CurrentName(string name)
    {
        string[] parts = name.Split('.');
        if (parts.Length < 4 || parts[^4] != "attentions")
        {
            return name;
        }

        string? current = parts[^2] switch
        {
            "query" => "to_q",
            "key" => "to_k",
            "value" => "to_v",
            "proj_attn" => "to_out.0",
            _ => null,
        };
        return current is null ? name : string.Join('.', [.. parts[..^2], current, parts[^1]]);
    }
}
