using LatentSync.Models.Checkpoints;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Graphs;

/// <summary>A checkpoint's tensors as a builder takes them: each checked against the shape that the configuration calls for, and remembered.</summary>
internal sealed class StateDict(ICheckpoint checkpoint)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public string Path => checkpoint.Path;

    public bool Has(string name) => checkpoint.Tensors.ContainsKey(name);

    /// <summary>A whole tensor of exactly this shape.</summary>
    /// <exception cref="LatentSyncException">It is missing or has another shape.</exception>
    public TensorSource Take(string name, params ReadOnlySpan<long> shape)
    {
        CheckpointTensor tensor = Find(name, shape);
        return new CheckpointSource(checkpoint, tensor, 0, tensor.ElementCount);
    }

    /// <summary>Rows <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> of a tensor of exactly this shape.</summary>
    /// <exception cref="LatentSyncException">It is missing or has another shape.</exception>
    public TensorSource TakeRows(string name, long first, long count, params ReadOnlySpan<long> shape)
    {
        CheckpointTensor tensor = Find(name, shape);
        long row = tensor.ElementCount / tensor.Shape[0];
        return new CheckpointSource(checkpoint, tensor, first * row, count * row);
    }

    /// <summary>A linear layer's weight [out, in], which old files may keep as a 1x1 convolution's [out, in, 1, 1].</summary>
    /// <exception cref="LatentSyncException">It is missing or has another shape.</exception>
    public TensorSource TakeMatrix(string name, int outWidth, int inWidth) =>
        checkpoint.Tensors.TryGetValue(name, out CheckpointTensor? tensor) && tensor.Shape.Count == 4
            ? Take(name, outWidth, inWidth, 1, 1)
            : Take(name, outWidth, inWidth);

    /// <summary>Refuses a checkpoint that holds more of these modules than was taken: the configuration describes another network.</summary>
    /// <param name="roots">Names, or beginnings of names that end in a dot.</param>
    /// <param name="except">Beginnings that may be left over.</param>
    /// <exception cref="LatentSyncException">Something was left over.</exception>
    public void RefuseLeftovers(IReadOnlyList<string> roots, params IReadOnlyList<string> except)
    {
        string[] leftovers = [.. checkpoint.Tensors.Keys
            .Where(name => !_taken.Contains(name) && !name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .Where(name => roots.Any(root => name.StartsWith(root, StringComparison.Ordinal)) && !except.Any(root => name.StartsWith(root, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)];
        if (leftovers.Length > 0)
        {
            string few = string.Join(", ", leftovers.Take(3).Select(name => $"'{name}'"));
            throw new LatentSyncException(LatentSyncError.Model, $"{Path}: the configuration has no place for {leftovers.Length} of its tensors ({few}{(leftovers.Length > 3 ? ", ..." : string.Empty)}); use the configuration that this checkpoint was trained with");
        }
    }

    private CheckpointTensor Find(string name, ReadOnlySpan<long> shape)
    {
        if (!checkpoint.Tensors.TryGetValue(name, out CheckpointTensor? tensor))
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{Path}: tensor '{name}' of shape [{string.Join(',', shape.ToArray())}] is missing; use the configuration that this checkpoint was trained with");
        }

        if (!tensor.Shape.SequenceEqual(shape.ToArray()))
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{Path}: tensor '{name}' has shape [{string.Join(',', tensor.Shape)}], the configuration expects [{string.Join(',', shape.ToArray())}]; use the configuration that this checkpoint was trained with");
        }

        _taken.Add(name);
        return tensor;
    }
}
