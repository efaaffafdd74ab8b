using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Models.Quantization.Calibration;

/// <summary>
/// A network that counts what its values are while it runs on ONNX Runtime; to callers it is the network itself. Statistics of a run are added when the run is
/// complete, so that a stopped one leaves none.
/// </summary>
public sealed class CalibratingEngine : IInferenceEngine
{
    private const int AddedOutputs = 3;

    private readonly OnnxRuntimeEngine _engine;
    private readonly IReadOnlyList<string> _points;
    private readonly string _source;
    private readonly int _outputCount;

    private CalibratingEngine(OnnxRuntimeEngine engine, IReadOnlyList<string> points, string source, NetworkStatistics statistics)
    {
        (_engine, _points, _source, Statistics) = (engine, points, source, statistics);
        _outputCount = engine.Outputs.Count - AddedOutputs;
        Outputs = [.. engine.Outputs.Take(_outputCount)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<TensorContract> Inputs => _engine.Inputs;

    /// <inheritdoc/>
    public IReadOnlyList<TensorContract> Outputs { get; }

    /// <summary>What was seen so far.</summary>
    public NetworkStatistics Statistics { get; }

    /// <summary>Loads a network whose weights lie in a file.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="source">What errors name: the graph's file.</param>
    /// <param name="statistics">Receives what is seen.</param>
    /// <param name="stride">Of how many elements one is counted, for percentiles; least and largest are of all. A prime keeps clear of the network's extents.</param>
    /// <param name="options">Session settings.</param>
    /// <exception cref="LatentSyncException">The graph cannot be read or ONNX Runtime refuses it.</exception>
    public static CalibratingEngine Load(OnnxGraph graph, string source, NetworkStatistics statistics, int stride, OnnxRuntimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        IReadOnlyList<string> points = CalibrationPoints.Of(graph, source);
        OnnxModelImage image = OnnxModelImage.Of(CalibrationGraph.Instrument(graph, points, stride));
        return new CalibratingEngine(OnnxRuntimeEngine.Load(image.Bytes, image.DataFolder, source, options), points, source, statistics);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<Tensor> results = _engine.Run(inputs, cancellationToken);
        ReadOnlySpan<float> extremes = results[_outputCount].Span, counts = results[_outputCount + 1].Span, samples = results[_outputCount + 2].Span;
        NetworkStatistics seen = new(Statistics.Fingerprint) { RunCount = 1 };
        for (int i = 0; i < _points.Count; i++)
        {
            // A count is exact in float32 up to 16 million, which a sample of every n-th element does not reach.
            ReadOnlySpan<float> numbers = extremes.Slice(i * CalibrationGraph.NumbersEach, CalibrationGraph.NumbersEach), sample = samples[..(int)counts[i]];
            RequireFinite(_points[i], numbers, sample);
            MagnitudeHistogram histogram = seen.Of(_points[i]);
            histogram.Include(Math.Max(Math.Abs(numbers[0]), Math.Abs(numbers[1])));
            histogram.Add(sample);
            samples = samples[sample.Length..];
        }

        Statistics.Add(seen);
        return [.. results.Take(_outputCount)];
    }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<Tensor> results = Run(inputs, cancellationToken);
        foreach (NamedTensor output in outputs)
        {
            int index = Outputs.Select(contract => contract.Name).ToList().IndexOf(output.Name);
            results[index >= 0 ? index : throw new ArgumentException($"the network has no output '{output.Name}'", nameof(outputs))].Span.CopyTo(output.Value.Span);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    // A sum of finite numbers may overflow where they are large; then least and largest decide.
    private void RequireFinite(string value, ReadOnlySpan<float> numbers, ReadOnlySpan<float> sample)
    {
        bool finite = float.IsFinite(numbers[0]) && float.IsFinite(numbers[1]) && !float.IsNaN(numbers[2]);
        foreach (float element in sample)
        {
            finite &= float.IsFinite(element);
        }

        if (!finite)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{_source}: '{value}' holds numbers that are not finite in calibration run {Statistics.RunCount + 1}, so its range cannot be measured; check the clip and the pack ('latentsync models verify')");
        }
    }
}
