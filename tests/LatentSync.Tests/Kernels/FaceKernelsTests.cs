using LatentSync.Kernels;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Kernels;

/// <summary>The references and the slow reference implementations, against one backend: bodies are written once, backends derive.</summary>
public abstract class FaceKernelsTests
{
    public static IEnumerable<object[]> Cases => AlignmentCase.Names;

    protected abstract IFaceKernels Kernels { get; }

    /// <summary>How many frames of a case a backend does: ILGPU's CPU accelerator takes seconds a frame.</summary>
    protected virtual int FramesPerCase => int.MaxValue;

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Warp_ReferenceFrame_GivesReferenceCrop(string name)
    {
        using AlignmentCase test = AlignmentCase.Open(name);
        for (int i = 0; i < Math.Min(test.Count, FramesPerCase); i++)
        {
            RgbImage crop = new(test.CropWidth, test.CropHeight);
            Kernels.Warp(test.Frame(i), test.Matrix(i), crop);
            ByteTolerances.AssertClose(test.Crop(i).Span, crop.Span, $"{name} crop {i}");
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void ResizeLanczos4_ReferenceCrop_GivesReferenceFaceExactly(string name)
    {
        using AlignmentCase test = AlignmentCase.Open(name);
        for (int i = 0; i < Math.Min(test.Count, FramesPerCase); i++)
        {
            RgbImage face = new(test.Resolution, test.Resolution);
            Kernels.ResizeLanczos4(test.Crop(i), face);

            // Integer arithmetic throughout: nothing to tolerate.
            Assert.True(test.Face(i).Span.SequenceEqual(face.Span), $"{name} face {i}: {Differences(test.Face(i).Span, face.Span)} bytes differ");
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Composite_ReferenceFace_GivesReferenceFrame(string name)
    {
        using AlignmentCase test = AlignmentCase.Open(name);
        for (int i = 0; i < Math.Min(test.Count, FramesPerCase); i++)
        {
            RgbImage frame = test.Frame(i);
            Kernels.Composite(frame, test.Matrix(i), test.Synced(i), test.Resolution);
            ByteTolerances.AssertClose(test.Restored(i).Span, frame.Span, $"{name} put-back {i}");
        }
    }

    private static int Differences(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int count = 0;
        for (int i = 0; i < a.Length; i++)
        {
            count += a[i] == b[i] ? 0 : 1;
        }

        return count;
    }
}
