using LatentSync.Faces;
using LatentSync.Kernels;
using LatentSync.Runtime;

namespace LatentSync.Tests.Faces;

/// <summary>Wrong or damaged face networks: one sentence that names the file.</summary>
public class FaceModelErrorTests
{
    [Fact]
    public void Load_EachInTheOthersPlace_ErrorNamesTheFileAndTheRightOne()
    {
        AssertModelError(() => FaceDetector.Load(FaceModels.Landmarker(), FaceModels.Options), "2d106det.onnx", "1 outputs", "det_10g.onnx");
        AssertModelError(() => FaceLandmarker.Load(FaceModels.Detector(), FaceModels.Options), "det_10g.onnx", "106-point", "2d106det.onnx");
        AssertModelError(() => FaceAnalyzer.Load(FaceModels.Detector(), FaceModels.Detector(), FaceModels.Options), "det_10g.onnx", "106-point");
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("text")]
    [InlineData("truncated")]
    public void Load_NoNetwork_ErrorNamesTheFile(string kind)
    {
        string path = Path.Combine(Path.GetTempPath(), $"né '\"{kind}\" {Guid.NewGuid():N}.onnx");
        try
        {
            if (kind != "missing")
            {
                byte[] whole = File.ReadAllBytes(FaceModels.Detector());
                File.WriteAllBytes(path, kind switch { "empty" => [], "text" => "<html>404 not found</html>"u8.ToArray(), _ => whole[..(whole.Length / 2)] });
            }

            AssertModelError(() => FaceDetector.Load(path, FaceModels.Options), path);
            AssertModelError(() => FaceLandmarker.Load(path, FaceModels.Options), path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Detect_NineOutputsOfOtherShapes_ErrorNamesTheFile()
    {
        using FaceDetector detector = new(new FakeEngine([1, 3, -1, -1], Enumerable.Repeat(new long[] { 100, 4 }, 9)), "other.onnx");
        AssertModelError(() => detector.Detect(new RgbImage(64, 64)), "other.onnx", "[8192,1]");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(1 << 20)]
    public void Construct_SenselessInputSize_Refused(long size) =>
        AssertModelError(() => new FaceDetector(new FakeEngine([1, 3, size, size], Enumerable.Repeat(new long[] { 1, 1 }, 9)), "odd.onnx"), "odd.onnx", $"{size}");

    [Fact]
    public void Detect_OutputsInAnotherOrderWithABatchAxisAndFixedSize_FoundByShape()
    {
        // One face at stride 8, cell (2,1), anchor 1 of a 64x64 input: 8x8x2 = 128, 32, 8 anchors. Frame of 128x128: twice as large.
        long[][] shapes = [[1, 8, 10], [1, 128, 4], [1, 128, 1], [1, 32, 4], [1, 8, 1], [1, 32, 1], [1, 128, 10], [1, 8, 4], [1, 32, 10]];
        FakeEngine engine = new([1, 3, 64, 64], shapes);
        int anchor = ((8 + 2) * 2) + 1;
        engine.Results[2].Span[anchor] = 0.75f;
        ((ReadOnlySpan<float>)[1, 0.5f, 3, 4]).CopyTo(engine.Results[1].Span[(4 * anchor)..]);
        engine.Results[6].Span[(10 * anchor) + 9] = 2;
        engine.Results[4].Span[3] = float.NaN;
        engine.Results[4].Span[4] = 0.9f;
        engine.Results[7].Span[16] = float.NaN;

        using FaceDetector detector = new(engine, "reordered.onnx");
        for (int run = 0; run < 2; run++)
        {
            DetectedFace face = Assert.Single(detector.Detect(new RgbImage(128, 128)));
            Assert.Equal(new FaceBox(16, 8, 80, 80, 0.75f), face.Box);
            Assert.Equal(new FacePoint(32, 48), face.Keypoints[4]);
        }
    }

    [Theory]
    [InlineData(true, "Constant", "Sub", "Constant_1", "Mul")]
    [InlineData(true, "_minusscalar0", "_mulscalar0")]
    [InlineData(true, "a", "b", "bn_data")]
    [InlineData(false, "a", "b", "c", "bn_data")]
    [InlineData(false, "Sub", "a", "b", "c", "d", "e", "f", "g", "Mul")]
    [InlineData(false, "Sub_1", "Div")]
    [InlineData(false, "/Sub", "/Mul")]
    [InlineData(false)]
    public void NormalizesItself_FirstNodes_AsInsightFaceTells(bool expected, params string[] names) =>
        Assert.Equal(expected, FaceLandmarker.NormalizesItself(names));

    [Fact]
    public void Observe_FrameOfExtremeProportions_NoFace()
    {
        using FaceAnalyzer analyzer = FaceAnalyzer.Load(FaceModels.Detector(), FaceModels.Landmarker(), FaceModels.Options);
        Assert.Equal(FaceAbsence.NotDetected, analyzer.Observe(new RgbImage(3000, 1)).Absence);
        Assert.Equal(FaceAbsence.NotDetected, analyzer.Observe(new RgbImage(1, 1)).Absence);
    }

    [Fact]
    public void Observe_Cancelled_Stops()
    {
        using FaceAnalyzer analyzer = FaceAnalyzer.Load(FaceModels.Detector(), FaceModels.Landmarker(), FaceModels.Options);
        Assert.ThrowsAny<OperationCanceledException>(() => analyzer.Observe(new RgbImage(64, 64), new CancellationToken(canceled: true)));
    }

    private static void AssertModelError(Action action, params string[] parts)
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(action);
        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.DoesNotContain('\n', error.Message);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    /// <summary>A network that answers the same every time.</summary>
    private sealed class FakeEngine(long[] input, IEnumerable<long[]> outputs) : IInferenceEngine
    {
        public IReadOnlyList<Tensor> Results { get; } = [.. outputs.Select(o => Tensor.Zeros(o))];

        public IReadOnlyList<TensorContract> Inputs { get; } = [new TensorContract("input.1", "float", input)];

        public IReadOnlyList<TensorContract> Outputs => [.. Results.Select((r, i) => new TensorContract($"{i}", "float", r.Shape.ToArray()))];

        public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default) =>
            [.. Results.Select(r => new Tensor(r.Data.ToArray(), r.Shape))];

        public void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default)
        {
            foreach (NamedTensor output in outputs)
            {
                Results[int.Parse(output.Name, System.Globalization.CultureInfo.InvariantCulture)].Data.CopyTo(output.Value.Data);
            }
        }

        public void Dispose()
        {
        }
    }
}
