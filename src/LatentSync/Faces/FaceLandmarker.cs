using LatentSync.Kernels;
using LatentSync.Models.Onnx;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Faces;

/// <summary>
/// InsightFace's 106-point landmark network (<c>2d106det.onnx</c> of buffalo_l) on an upright crop of 1.5 times the box's larger side.
/// As for <see cref="FaceDetector"/>, the network sees its channels in the order blue, green, red. For one thread at a time.
/// </summary>
public sealed class FaceLandmarker : IDisposable
{
    /// <summary>How many points a face has.</summary>
    public const int PointCount = 106;

    private const int DefaultInputSize = 192;
    private const int LargestInputSize = 1024;

    // How many of a file's first nodes InsightFace looks at to tell whether the network subtracts and scales by itself.
    private const int InspectedNodes = 8;
    private const int InspectedBatchNormNodes = 3;

    private readonly IInferenceEngine _engine;
    private readonly int _size;
    private readonly float _mean;
    private readonly float _scale;
    private readonly Tensor _input;
    private readonly Tensor _output;
    private readonly NamedTensor[] _inputs;
    private readonly NamedTensor[] _outputs;

    /// <summary>Takes a loaded network.</summary>
    /// <param name="engine">The network: one input <c>[1,3,S,S]</c> float32, one output <c>[1,212]</c>; disposed with the landmarker.</param>
    /// <param name="normalizesItself">Whether the network takes bytes as floats; otherwise <c>(byte-127.5)/128</c>.</param>
    /// <param name="source">The network's file, for error messages.</param>
    /// <exception cref="LatentSyncException">The network is no 106-point landmark network.</exception>
    public FaceLandmarker(IInferenceEngine engine, bool normalizesItself, string source)
    {
        IReadOnlyList<long> shape = engine.Inputs.Count == 1 ? engine.Inputs[0].Shape : [];
        long size = shape.Count == 4 && shape[2] == shape[3] ? (shape[2] > 0 ? shape[2] : DefaultInputSize) : 0;
        if (size is < 1 or > LargestInputSize || engine.Outputs.Count != 1 || engine.Outputs[0].Shape is not [_, 2 * PointCount or -1]
            || engine.Inputs[0].ElementType != "float" || engine.Outputs[0].ElementType != "float")
        {
            throw new LatentSyncException(
                LatentSyncError.Model,
                $"{source}: not a {PointCount}-point landmark network: one input [1,3,{DefaultInputSize},{DefaultInputSize}] and one output [1,{2 * PointCount}] are needed, both float32; use 2d106det.onnx of InsightFace's buffalo_l");
        }

        _engine = engine;
        _size = (int)size;
        (_mean, _scale) = normalizesItself ? (0f, 1f) : (127.5f, 1 / 128f);
        _input = Tensor.Zeros(1, 3, size, size);
        _output = Tensor.Zeros(1, 2 * PointCount);
        _inputs = [new NamedTensor(engine.Inputs[0].Name, _input)];
        _outputs = [new NamedTensor(engine.Outputs[0].Name, _output)];
    }

    /// <summary>Loads the network on ONNX Runtime and finds out from its nodes whether it normalises by itself.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="options">Session settings.</param>
    /// <exception cref="LatentSyncException">The file is missing, not ONNX or no landmark network.</exception>
    public static FaceLandmarker Load(string path, OnnxRuntimeOptions options) => OwnedEngine.Use(
        OnnxRuntimeEngine.Load(path, options),
        engine => new FaceLandmarker(engine, NormalizesItself(OnnxNodeNames.ReadFirst(path, InspectedNodes)), path));

    /// <summary>InsightFace's rule: a subtraction and a multiplication among the first nodes, or MXNet's input batch norm.</summary>
    /// <param name="nodeNames">The names of the file's nodes in order; only the first eight count.</param>
    public static bool NormalizesItself(IReadOnlyList<string> nodeNames)
    {
        string[] first = [.. nodeNames.Take(InspectedNodes)];
        return first.Take(InspectedBatchNormNodes).Contains("bn_data") || (AnyStartsWith("Sub", "_minus") && AnyStartsWith("Mul", "_mul"));

        bool AnyStartsWith(string one, string other) =>
            first.Any(n => n.StartsWith(one, StringComparison.Ordinal) || n.StartsWith(other, StringComparison.Ordinal));
    }

    /// <summary>Finds the points of a face.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="box">The face's box.</param>
    /// <param name="cancellationToken">Stops the network.</param>
    /// <returns>106 points in pixels of the frame, not rounded.</returns>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public IReadOnlyList<FacePoint> Locate(RgbImage frame, in FaceBox box, CancellationToken cancellationToken = default)
    {
        AffineTransform crop = CropTransform(box);
        ByteAffineWarp.WarpToBgrPlanes(frame, crop, _input.Span, _size, _size, _mean, _scale);
        _engine.Run(_inputs, _outputs, cancellationToken);

        AffineTransform back = new(1 / crop.M00, 0, -crop.M02 / crop.M00, 0, 1 / crop.M11, -crop.M12 / crop.M11);
        ReadOnlySpan<float> values = _output.Span;
        FacePoint[] points = new FacePoint[PointCount];
        for (int i = 0; i < points.Length; i++)
        {
            (double x, double y) = back.Apply((values[2 * i] + 1) * (_size / 2), (values[(2 * i) + 1] + 1) * (_size / 2));
            points[i] = new FacePoint((float)x, (float)y);
        }

        return points;
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    /// <summary>
    /// The box's centre to the crop's centre, its larger side to two thirds of the crop. The scale and the scaled centre are float32 as
    /// in InsightFace, whose boxes are; its similarity transforms are doubles.
    /// </summary>
    private AffineTransform CropTransform(in FaceBox box)
    {
        const float margin = 1.5f;
        float scale = _size / (MathF.Max(box.Right - box.Left, box.Bottom - box.Top) * margin);
        float x = (box.Right + box.Left) / 2 * scale, y = (box.Bottom + box.Top) / 2 * scale;
        return new AffineTransform(scale, 0, (_size / 2.0) - x, 0, scale, (_size / 2.0) - y);
    }
}
