namespace LatentSync.Models.Onnx;

/// <summary>What writing a graph left on disk.</summary>
/// <param name="Model">The <c>.onnx</c> file.</param>
/// <param name="Data">The file with its weights beside it (<c>.onnx.data</c>), or null if every constant fits in the model file.</param>
public sealed record OnnxModelFiles(WrittenFile Model, WrittenFile? Data)
{
    /// <summary>The files written.</summary>
    public IReadOnlyList<WrittenFile> All => Data is null ? [Model] : [Model, Data];
}
