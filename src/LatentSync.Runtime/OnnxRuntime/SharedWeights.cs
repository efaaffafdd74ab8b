using LatentSync.Runtime.OnnxRuntime.Native;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LatentSync.Runtime.OnnxRuntime;

/// <summary>
/// Weights that several sessions hold together: data files are mapped once, and what ONNX Runtime's CPU kernels repack for speed is kept once. Give it to
/// every <see cref="OnnxRuntimeEngine.Load(ReadOnlyMemory{byte}, string, string, OnnxRuntimeOptions, IReadOnlyList{ExternalWeight}, SharedWeights)"/> of networks that read
/// the same files, and dispose it after all of their engines. Safe for several threads.
/// </summary>
/// <remarks>Weights that an optimisation of the graph rewrites, such as a convolution's blocked layout, are each session's own.</remarks>
public sealed class SharedWeights : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MappedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<WeightKey, OrtValue> _values = [];

    /// <summary>Bytes of the weights that sessions were given from mapped files, each counted once.</summary>
    public long SizeInBytes { get; private set; }

    internal PrePackedWeightsContainer Prepacked { get; } = new();

    /// <summary>Puts mapped weights in the place of those that the session would read by itself.</summary>
    /// <exception cref="LatentSyncException">A data file is missing or too short.</exception>
    internal void AddTo(SessionOptions session, string dataFolder, IReadOnlyList<ExternalWeight> weights)
    {
        lock (_lock)
        {
            foreach (ExternalWeight weight in weights)
            {
                session.AddInitializer(weight.Name, Value(Path.Combine(dataFolder, weight.FileName), weight));
            }
        }
    }

    /// <summary>Lets go of everything; engines that use it must be gone.</summary>
    public void Dispose()
    {
        Prepacked.Dispose();
        foreach (OrtValue value in _values.Values)
        {
            value.Dispose();
        }

        foreach (MappedFile file in _files.Values)
        {
            file.Dispose();
        }

        _values.Clear();
        _files.Clear();
    }

    private OrtValue Value(string path, ExternalWeight weight)
    {
        WeightKey key = new(path, weight.OffsetInBytes, weight.ElementType, string.Join(',', weight.Shape));
        if (_values.TryGetValue(key, out OrtValue? value))
        {
            return value;
        }

        if (!_files.TryGetValue(path, out MappedFile? file))
        {
            file = new MappedFile(path);
            _files.Add(path, file);
        }

        value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, (TensorElementType)weight.ElementType, [.. weight.Shape], file.Address(weight.OffsetInBytes, weight.SizeInBytes), weight.SizeInBytes);
        _values.Add(key, value);
        SizeInBytes += weight.SizeInBytes;
        return value;
    }

    // Two graphs may see the same bytes in different shapes.
    private readonly record struct WeightKey(string Path, long OffsetInBytes, int ElementType, string Shape);
}
