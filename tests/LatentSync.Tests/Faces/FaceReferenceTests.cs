using LatentSync.Faces;
using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Faces;

/// <summary>Detector, landmarks and choice against InsightFace's results.</summary>
public class FaceReferenceTests
{
    // The bar is 0.05 px; ONNX Runtime's thread count and version move the networks' outputs by about 1e-4 px.
    private const double Tolerance = 0.05;

    public static IEnumerable<object[]> Cases() => Goldens.Folders("faces", "tensors.safetensors");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Detect_ReferenceFrames_SameBoxesKeypointsAndOrder(string name)
    {
        string folder = Goldens.Case("faces", name);
        using GoldenFile golden = new(Path.Combine(folder, "tensors.safetensors"));
        using FaceDetector detector = FaceDetector.Load(FaceModels.Detector(folder), FaceModels.Options);
        for (int f = 0; golden.Has($"frame.{f}"); f++)
        {
            IReadOnlyList<DetectedFace> faces = detector.Detect(FaceModels.Frame(golden, f));
            float[] boxes = [.. faces.SelectMany(d => new[] { d.Box.Left, d.Box.Top, d.Box.Right, d.Box.Bottom, d.Box.Score })];
            AssertNear(golden.Read($"boxes.{f}"), boxes, $"{name} boxes.{f}");
            AssertNear(golden.Read($"keypoints.{f}"), [.. faces.SelectMany(d => d.Keypoints).SelectMany(p => new[] { p.X, p.Y })], $"{name} keypoints.{f}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Locate_ReferenceBoxes_SameLandmarks(string name)
    {
        string folder = Goldens.Case("faces", name);
        using GoldenFile golden = new(Path.Combine(folder, "tensors.safetensors"));
        using FaceLandmarker landmarker = FaceLandmarker.Load(FaceModels.Landmarker(folder), FaceModels.Options);
        for (int f = 0; golden.Has($"frame.{f}"); f++)
        {
            Tensor boxes = golden.Read($"boxes.{f}");
            RgbImage frame = FaceModels.Frame(golden, f);
            List<float> points = [];
            for (int i = 0; i < boxes.Shape[0]; i++)
            {
                ReadOnlySpan<float> b = boxes.Span.Slice(i * 5, 5);
                points.AddRange(landmarker.Locate(frame, new FaceBox(b[0], b[1], b[2], b[3], b[4])).SelectMany(p => new[] { p.X, p.Y }));
            }

            AssertNear(golden.Read($"landmarks.{f}"), [.. points], $"{name} landmarks.{f}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Observe_ReferenceFrames_SameChoice(string name)
    {
        string folder = Goldens.Case("faces", name);
        using GoldenFile golden = new(Path.Combine(folder, "tensors.safetensors"));
        using FaceAnalyzer analyzer = FaceAnalyzer.Load(FaceModels.Detector(folder), FaceModels.Landmarker(folder), FaceModels.Options);
        for (int f = 0; golden.Has($"frame.{f}"); f++)
        {
            double[] chosen = golden.ReadDoubles($"chosen_landmarks.{f}");
            FaceObservation observation = analyzer.Observe(FaceModels.Frame(golden, f));
            Assert.Equal(chosen[0] == -1 && chosen.Distinct().Count() == 1, !observation.HasFace);
            Assert.Equal(observation.HasFace ? FaceLandmarker.PointCount : 0, observation.Landmarks.Count);
            for (int i = 0; i < observation.Landmarks.Count; i++)
            {
                // The reference is rounded: half a pixel, and the bar for what was rounded.
                Assert.Equal(chosen[2 * i], observation.Landmarks[i].X, 0.5 + Tolerance);
                Assert.Equal(chosen[(2 * i) + 1], observation.Landmarks[i].Y, 0.5 + Tolerance);
            }
        }
    }

    private static void AssertNear(Tensor expected, float[] actual, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} numbers, the reference has {expected.Length}");
        double worst = expected.Span.ToArray().Zip(actual, (e, a) => (double)Math.Abs(e - a)).DefaultIfEmpty().Max();
        Assert.True(worst <= Tolerance, $"{what}: off by {worst:g4}, allowed {Tolerance}");
    }
}
