using System.Collections.Concurrent;
using LatentSync.Faces;
using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Faces;

/// <summary>From a clip's frames to alignment matrices, against the traces of whole jobs.</summary>
public class FaceTrackReferenceTests
{
    // A landmark that lies near half a pixel may round the other way on another machine; then the frame, and less and less the next ones, move.
    private const double FrameTolerance = 1e-4;
    private const double ShareOfExactFrames = 0.9;

    private static readonly ConcurrentDictionary<(string, int), Lazy<FaceTrack>> s_tracks = new();

    public static IEnumerable<object[]> Cases() => Goldens.Folders("pipeline", "trace.safetensors");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Next_FramesOfTheClip_SameMatrices(string name)
    {
        using GoldenFile golden = new(Path.Combine(Goldens.Case("pipeline", name), "trace.safetensors"));
        string clip = Path.Combine(Goldens.Area("pipeline"), golden.OptionalMetadata("clip") ?? "clip.mkv");
        FaceTrack track = Track(clip, resolution: 8 * (int)golden.Read("noise").Shape[^1]);
        Assert.Equal(track.Count, track.FaceCount);
        Assert.Empty(track.MissingFrames());

        Tensor matrices = golden.Read("matrices");
        int exact = 0;
        for (int n = 0; n < matrices.Shape[0]; n++)
        {
            // Beyond the clip's end the original plays it backwards, forwards, ... with the matrices of the first pass.
            int turn = n / track.Count, place = n % track.Count;
            AffineTransform m = track[turn % 2 == 0 ? place : track.Count - 1 - place].FrameToCrop;
            double[] actual = [m.M00, m.M01, m.M02, m.M10, m.M11, m.M12];
            float[] expected = matrices.Span.Slice(n * 6, 6).ToArray();
            double error = actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max() / expected.Max(Math.Abs);
            exact += error <= FrameTolerance ? 1 : 0;

            // One flipped landmark moves an alignment point by one pixel.
            Assert.True(error <= 0.05, $"{name}: frame {n} is off by {error:g4} of its largest entry");
        }
        Assert.True(exact >= ShareOfExactFrames * matrices.Shape[0], $"{name}: only {exact} of {matrices.Shape[0]} matrices within {FrameTolerance}");
    }

    [SkippableFact]
    public void Next_FaceLeavesThePicture_GapReported()
    {
        // The demo pack says of this clip that the face is out of the picture from 1.5 to 2.2 s.
        FaceTrack track = Track(Path.Combine(Goldens.DemoPack, "media", "presenter-30fps-tall.mp4"), resolution: 128);
        (int Frame, FaceAbsence Absence)[] missing = [.. track.MissingFrames()];
        Assert.NotEmpty(missing);
        Assert.All(missing, m => Assert.InRange(m.Frame / 29.97, 1.3, 2.4));
        Assert.Equal(track.Count, track.FaceCount + missing.Length);
    }

    // Cases share a clip.
    private static FaceTrack Track(string clip, int resolution) => s_tracks.GetOrAdd((clip, resolution), _ => new(() => Analyze(clip, resolution))).Value;

    private static FaceTrack Analyze(string clip, int resolution)
    {
        using FaceAnalyzer analyzer = FaceAnalyzer.Load(FaceModels.Detector(), FaceModels.Landmarker(), FaceModels.Options);
        FaceTracker tracker = new(resolution);
        FaceTrack track = new();
        foreach (RgbImage frame in Clip.Frames(clip))
        {
            track.Add(tracker.Next(analyzer.Observe(frame)));
        }

        return track;
    }
}
