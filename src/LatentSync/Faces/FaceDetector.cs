using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Faces;

/// <summary>
/// InsightFace's SCRFD detector (<c>det_10g.onnx</c> of buffalo_l): all faces of a frame. It gives what InsightFace gives when it is handed
/// RGB frames, as the original LatentSync does: the network sees its channels in the order blue, green, red. For one thread at a time.
/// </summary>
public sealed class FaceDetector : IDisposable
{
    // The original prepares InsightFace with this size; a file with a fixed input size keeps its own.
    private const int DefaultInputSize = 512;
    private const int LargestInputSize = 4096;
    private const int CoarsestStride = 32;

    // InsightFace's defaults for SCRFD.
    private const float ScoreThreshold = 0.5f;
    private const float OverlapThreshold = 0.4f;
    private const float Mean = 127.5f;
    private const float Scale = 1 / 128f;

    private readonly IInferenceEngine _engine;
    private readonly string _source;
    private readonly int _inputWidth;
    private readonly int _inputHeight;
    private readonly Tensor _input;
    private readonly NamedTensor[] _inputs;
    private readonly List<FaceBox> _boxes = [];
    private readonly List<FacePoint[]> _keypoints = [];
    private NamedTensor[]? _outputs;
    private IReadOnlyList<Tensor> _results = [];
    private ScrfdDecoder? _decoder;
    private ByteBilinearResize? _resize;

    /// <summary>Takes a loaded network.</summary>
    /// <param name="engine">The network: one input <c>[1,3,H,W]</c> float32, nine outputs; disposed with the detector.</param>
    /// <param name="source">The network's file, for error messages.</param>
    /// <exception cref="LatentSyncException">The network is no SCRFD detector with keypoints.</exception>
    public FaceDetector(IInferenceEngine engine, string source)
    {
        _engine = engine;
        _source = source;
        if (engine.Inputs.Count != 1 || engine.Inputs[0].Shape.Count != 4 || engine.Outputs.Count != ScrfdDecoder.OutputCount
            || engine.Inputs.Concat(engine.Outputs).Any(c => c.ElementType != "float"))
        {
            throw new LatentSyncException(
                LatentSyncError.Model,
                $"{source}: not an SCRFD face detector: {engine.Inputs.Count} inputs and {engine.Outputs.Count} outputs, of which 1 of shape [1,3,H,W] and 9 are needed, all float32; use det_10g.onnx of InsightFace's buffalo_l");
        }

        _inputHeight = InputExtent(2);
        _inputWidth = InputExtent(3);
        _input = Tensor.Zeros(1, 3, _inputHeight, _inputWidth);
        _inputs = [new NamedTensor(engine.Inputs[0].Name, _input)];
    }

    /// <summary>Loads the network on ONNX Runtime.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="options">Session settings.</param>
    /// <exception cref="LatentSyncException">The file is missing, not ONNX or no SCRFD detector.</exception>
    public static FaceDetector Load(string path, OnnxRuntimeOptions options) =>
        OwnedEngine.Use(OnnxRuntimeEngine.Load(path, options), engine => new FaceDetector(engine, path));

    /// <summary>Finds the faces of a frame, surest first.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="cancellationToken">Stops the network.</param>
    /// <returns>The faces with a score of at least 0.5, of each heap of overlapping ones (more than 0.4) the surest.</returns>
    /// <exception cref="LatentSyncException">The network fails or its outputs have other shapes than SCRFD's.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public IReadOnlyList<DetectedFace> Detect(RgbImage frame, CancellationToken cancellationToken = default)
    {
        float frameScale = FillInput(frame);
        RunNetwork(cancellationToken);
        _boxes.Clear();
        _keypoints.Clear();
        _decoder!.Decode(_results, ScoreThreshold, frameScale, _boxes, _keypoints);
        return [.. NonMaximumSuppression.Select(_boxes, OverlapThreshold).Select(i => new DetectedFace(_boxes[i], _keypoints[i]))];
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    private int InputExtent(int dimension)
    {
        long extent = _engine.Inputs[0].Shape[dimension];
        extent = extent > 0 ? extent : DefaultInputSize;
        return extent % CoarsestStride == 0 && extent <= LargestInputSize
            ? (int)extent
            : throw new LatentSyncException(LatentSyncError.Model, $"{_source}: a face detector's input size must be a multiple of {CoarsestStride} up to {LargestInputSize}, not {extent}");
    }

    /// <summary>Fits the frame into the top left corner of the input; returns network pixels per frame pixel, as InsightFace rounds it.</summary>
    private float FillInput(RgbImage frame)
    {
        (int width, int height) = FittedSize(frame.Width, frame.Height);
        if (_resize is not { } resize || resize.SourceWidth != frame.Width || resize.SourceHeight != frame.Height)
        {
            _resize = resize = new ByteBilinearResize(frame.Width, frame.Height, width, height);
            _input.Span.Fill((0 - Mean) * Scale);
        }

        resize.ResizeToBgrPlanes(frame.Span, _input.Span, _inputWidth, _inputHeight, Mean, Scale);
        return (float)((double)height / frame.Height);
    }

    private (int Width, int Height) FittedSize(int width, int height)
    {
        double frameRatio = (double)height / width;
        double inputRatio = (double)_inputHeight / _inputWidth;

        // A frame of extreme proportions would round to nothing, on which OpenCV stops.
        return frameRatio > inputRatio
            ? (Math.Max(1, (int)(_inputHeight / frameRatio)), _inputHeight)
            : (_inputWidth, Math.Max(1, (int)(_inputWidth * frameRatio)));
    }

    /// <summary>
    /// The first run learns the outputs' shapes; later runs write into the same memory. InsightFace's own files declare the shapes of another
    /// input size than they run at: to such outputs nothing can be bound, so that each run gives new ones.
    /// </summary>
    private void RunNetwork(CancellationToken cancellationToken)
    {
        if (_outputs is not null)
        {
            _engine.Run(_inputs, _outputs, cancellationToken);
            return;
        }

        _results = _engine.Run(_inputs, cancellationToken);
        _decoder = new ScrfdDecoder(_results, _inputWidth, _inputHeight, _source);
        if (_results.Zip(_engine.Outputs, IsDeclared).All(declared => declared))
        {
            _outputs = [.. _results.Select((tensor, i) => new NamedTensor(_engine.Outputs[i].Name, tensor))];
        }
    }

    private static bool IsDeclared(Tensor tensor, TensorContract contract) => tensor.Shape.Length == contract.Shape.Count
        && tensor.Shape.ToArray().Zip(contract.Shape, (actual, declared) => declared < 0 || declared == actual).All(same => same);
}
