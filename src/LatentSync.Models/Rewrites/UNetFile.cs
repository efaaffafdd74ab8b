using LatentSync.Models.Onnx;
using LatentSync.Runtime;

namespace LatentSync.Models.Rewrites;

/// <summary>A pack's UNet, of which programs are built. Its weights are read on demand, from files that stay open as long as this object.</summary>
public sealed class UNetFile : IDisposable
{
    private readonly OnnxModelReader _model;
    private readonly string _path;

    private UNetFile(string path) => (_path, _model) = (path, OnnxModelReader.Open(path));

    /// <summary>Reads the graph.</summary>
    /// <param name="path">The <c>.onnx</c> file; its weights lie beside it.</param>
    /// <exception cref="LatentSyncException">A file is missing or damaged.</exception>
    public static UNetFile Open(string path) => new(path);

    /// <summary>Builds the networks of a form; only descriptions are made.</summary>
    /// <param name="form">How they are to be run.</param>
    /// <exception cref="LatentSyncException">The graph is not built as a rewrite needs it (the message names the file), or has no such cache branch.</exception>
    public UNetProgram Build(UNetProgramOptions form)
    {
        try
        {
            return UNetProgram.Build(_model.Graph, form);
        }
        catch (LatentSyncException exception) when (exception.Error == LatentSyncError.Model)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{_path}: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
