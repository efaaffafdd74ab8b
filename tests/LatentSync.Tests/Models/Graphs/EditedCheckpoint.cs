using LatentSync.Models.Checkpoints;

namespace LatentSync.Tests.Models.Graphs;

/// <summary>A checkpoint made up of names and shapes, elements all zero: for graphs that are built but not run.</summary>
internal sealed class EditedCheckpoint(IEnumerable<KeyValuePair<string, long[]>> shapes) : ICheckpoint
{
    private readonly Dictionary<string, CheckpointTensor> _tensors = shapes.ToDictionary(
        entry => entry.Key,
        entry => new CheckpointTensor(entry.Key, CheckpointDType.Float32, entry.Value),
        StringComparer.Ordinal);

    public string Path => "edited.pt";

    public IReadOnlyList<string> Files => [Path];

    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    public IReadOnlyDictionary<string, object> Metadata { get; } = new Dictionary<string, object>();

    /// <summary>Another checkpoint's names and shapes.</summary>
    public static EditedCheckpoint Of(ICheckpoint checkpoint) =>
        new(checkpoint.Tensors.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Shape.ToArray())));

    public EditedCheckpoint Without(string name)
    {
        Assert.True(_tensors.Remove(name), $"there is no tensor '{name}' to remove");
        return this;
    }

    public EditedCheckpoint With(string name, params long[] shape)
    {
        _tensors[name] = new CheckpointTensor(name, CheckpointDType.Float32, shape);
        return this;
    }

    public void Read(string name, long elementOffset, Span<byte> destination) => destination.Clear();

    public void ReadFloat32(string name, long elementOffset, Span<float> destination) => destination.Clear();

    public void Dispose()
    {
    }
}
