using LatentSync.Models.Checkpoints;
using LatentSync.Runtime;

namespace LatentSync.Tests.Support;

/// <summary>A reference file (safetensors) opened for a test.</summary>
public sealed class GoldenFile(string path) : IDisposable
{
    private readonly SafetensorsCheckpoint _file = SafetensorsCheckpoint.Open(path);

    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _file.Tensors;

    public string Metadata(string key) => (string)_file.Metadata[key];

    public string? OptionalMetadata(string key) => _file.Metadata.TryGetValue(key, out object? value) ? (string)value : null;

    public bool Has(string name) => _file.Tensors.ContainsKey(name);

    /// <summary>The tensor widened to float32.</summary>
    public Tensor Read(string name)
    {
        CheckpointTensor tensor = _file.Tensors[name];
        float[] data = new float[tensor.ElementCount];
        _file.ReadFloat32(name, 0, data);
        return new Tensor(data, [.. tensor.Shape]);
    }

    /// <summary>The tensor's bytes as stored.</summary>
    public byte[] ReadBytes(string name)
    {
        CheckpointTensor tensor = _file.Tensors[name];
        byte[] data = new byte[tensor.ElementCount * tensor.DType.SizeInBytes()];
        _file.Read(name, 0, data);
        return data;
    }

    /// <summary>A 64-bit tensor (integers or floats) as doubles: nothing is rounded.</summary>
    public double[] ReadDoubles(string name)
    {
        byte[] bytes = ReadBytes(name);
        return _file.Tensors[name].DType switch
        {
            CheckpointDType.Float64 => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
            CheckpointDType.Int64 => [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(bytes).ToArray().Select(v => (double)v)],
            _ => [.. Read(name).Span.ToArray().Select(v => (double)v)],
        };
    }

    public void Dispose() => _file.Dispose();
}
