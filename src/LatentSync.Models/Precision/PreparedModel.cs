namespace LatentSync.Models.Precision;

/// <summary>A model file that an engine of the wanted precision can be built from.</summary>
/// <param name="Path">The <c>.onnx</c> file; its weights lie beside it.</param>
/// <param name="Float16">What going to half precision did, or null if the file is the pack's own.</param>
public sealed record PreparedModel(string Path, Float16Report? Float16);
