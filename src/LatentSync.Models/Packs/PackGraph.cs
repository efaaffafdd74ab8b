using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Packs;

/// <summary>A network on its way into a pack.</summary>
/// <param name="Name">One of <see cref="PackComponentName"/>; also its folder in the pack.</param>
/// <param name="Graph">The network.</param>
internal sealed record PackGraph(string Name, OnnxGraph Graph)
{
    /// <summary>Adds to an input what its graph does not say.</summary>
    public Func<TensorContract, TensorContract> Mark { get; init; } = input => input;

    /// <summary>Bytes that its weights take in the pack.</summary>
    public long SizeInBytes => Graph.Initializers.Sum(initializer => initializer.SizeInBytes);

    /// <summary>Writes it into the staging folder.</summary>
    public PackComponent Write(string staging, ByteProgress progress, CancellationToken cancellationToken)
    {
        string relative = $"{Name}/{Name}.onnx";
        string path = Path.Combine(staging, Name, $"{Name}.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        OnnxModelFiles files = OnnxModelWriter.Write(Graph, path, new Increments(progress), cancellationToken);
        return new PackComponent(
            Name,
            relative,
            Precision,
            Graph.Initializers.Where(initializer => initializer.ElementType != OnnxElementType.Int64).Sum(initializer => initializer.Source.ElementCount),
            [.. Graph.Inputs.Select(Contract).Select(Mark)],
            [.. Graph.Outputs.Select(Contract)],
            [.. files.All.Select(file => new PackFile($"{Name}/{Path.GetFileName(file.Path)}", file.LengthInBytes, file.Sha256))]);
    }

    // Shapes and axes are int64 in any network; the widest of the others is what its weights are kept in.
    private string Precision => string.Join(", ", Graph.Initializers
        .Select(initializer => initializer.ElementType)
        .Where(type => type != OnnxElementType.Int64)
        .Distinct()
        .Select(type => type == OnnxElementType.Float ? "float32" : OnnxFile.ElementTypeName(type))
        .Order(StringComparer.Ordinal));

    private static TensorContract Contract(OnnxValueInfo value) =>
        new(value.Name, OnnxFile.ElementTypeName(value.ElementType), [.. value.Shape.Select(extent => extent.Value)]);

    // The writer reports totals of its file; the import counts over all of them.
    private sealed class Increments(ByteProgress progress) : IProgress<long>
    {
        private long _last;

        public void Report(long value)
        {
            progress.Add(value - _last);
            _last = value;
        }
    }
}
