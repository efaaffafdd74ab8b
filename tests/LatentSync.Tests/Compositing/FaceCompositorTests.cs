using LatentSync.Compositing;
using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Compositing;

public sealed class FaceCompositorTests
{
    public static IEnumerable<object[]> Cases => AlignmentCase.Names;

    [SkippableTheory, MemberData(nameof(Cases))]
    public void SoftMask_ReferenceMatrix_GivesReferenceMask(string name)
    {
        using AlignmentCase test = AlignmentCase.Open(name);
        FaceCompositor compositor = new(test.Resolution);
        for (int i = 0; i < test.Count; i++)
        {
            SoftMask mask = compositor.SoftMask(test.Width, test.Height, test.Matrix(i));
            byte[] actual = new byte[test.Width * test.Height];
            PixelBox box = mask.Plan.Box;
            for (int at = 0; at < box.Area; at++)
            {
                actual[((box.Y + (at / box.Width)) * test.Width) + box.X + (at % box.Width)] = (byte)(255 * mask.Soft[at] * mask.Mask[at]);
            }

            ByteTolerances.AssertClose(test.SoftMask(i), actual, $"{name} soft mask {i}");
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Composite_Frames_ChangesOnlyWhatTheSoftMaskReaches(string name)
    {
        using AlignmentCase test = AlignmentCase.Open(name);
        FaceCompositor compositor = new(test.Resolution);
        RgbImage[] frames = [.. Enumerable.Range(0, test.Count).Select(test.Frame)];
        AffineTransform[] transforms = [.. Enumerable.Range(0, test.Count).Select(test.Matrix)];
        Tensor faces = new(Enumerable.Range(0, test.Count).SelectMany(test.Synced).ToArray(), test.Count, 3, test.Resolution, test.Resolution);
        compositor.Composite(frames, transforms, faces, maxDegreeOfParallelism: 2);
        for (int i = 0; i < test.Count; i++)
        {
            RgbImage before = test.Frame(i), restored = test.Restored(i);
            SoftMask mask = compositor.SoftMask(test.Width, test.Height, transforms[i]);
            PixelBox box = mask.Plan.Box;
            double squares = 0;
            int reached = 0;
            for (int at = 0; at < test.Width * test.Height; at++)
            {
                int x = (at % test.Width) - box.X, y = (at / test.Width) - box.Y;
                bool inMask = x >= 0 && y >= 0 && x < box.Width && y < box.Height && mask.Soft[(y * box.Width) + x] > 0;
                ReadOnlySpan<byte> actual = frames[i].Span.Slice(at * 3, 3), expected = restored.Span.Slice(at * 3, 3);
                if (!inMask && !actual.SequenceEqual(before.Span.Slice(at * 3, 3)))
                {
                    Assert.Fail($"{name} frame {i}: pixel {at} was changed outside the soft mask");
                }

                for (int c = 0; inMask && c < 3; c++)
                {
                    squares += (actual[c] - expected[c]) * (actual[c] - expected[c]);
                    reached++;
                }
            }

            // Errors of one in a few of a thousand bytes give more than 60 dB; a shift of a hundredth of a pixel would not.
            double decibels = 10 * Math.Log10(255.0 * 255 / Math.Max(squares / Math.Max(reached, 1), 1e-9));
            Assert.True(decibels > 60, $"{name} frame {i}: {decibels:f1} dB inside the soft mask");
        }
    }

    [Fact]
    public void Composite_CountsThatDiffer_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new FaceCompositor(64).Composite([new RgbImage(8, 8)], [], Tensor.Zeros(1, 3, 64, 64)));

    [Fact]
    public void Composite_Cancelled_Stops()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new FaceCompositor(64).Composite(
            [new RgbImage(8, 8)], [new AffineTransform(1, 0, 0, 0, 1, 0)], Tensor.Zeros(1, 3, 64, 64), cancellationToken: cancelled.Token));
    }
}
