using LatentSync.Kernels;
using LatentSync.Pipeline;
using LatentSync.Video;

namespace LatentSync.Tests.Pipeline;

public class ChunkAssemblerTests
{
    // F is a face frame, - a frame without one; groups are written with bars between them.
    [Theory]
    [InlineData("", "")]
    [InlineData("F", "F")]
    [InlineData("-", "-")]
    [InlineData("FFFFF", "FFFF|F")]
    [InlineData("FFFFFFFF", "FFFF|FFFF")]
    [InlineData("FF-FFFFF", "FF|-|FFFF|F")]
    [InlineData("F--F", "F|-|-|F")]
    [InlineData("-FFFF-", "-|FFFF|-")]
    public void Group_FaceRuns_NeverSpansAGap(string frames, string expected)
    {
        List<string> groups = [];
        long next = 0;
        foreach (IReadOnlyList<JobFrame> group in ChunkAssembler.Group(Frames(frames), chunkLength: 4))
        {
            Assert.All(group, frame => Assert.Equal(next++, frame.Index));
            groups.Add(string.Concat(group.Select(frame => frame.HasFace ? 'F' : '-')));
        }

        Assert.Equal(expected, string.Join('|', groups));
    }

    private static IEnumerable<JobFrame> Frames(string pattern)
    {
        FramePool pool = new(1, 1);
        for (int i = 0; i < pattern.Length; i++)
        {
            yield return new JobFrame(pool.Rent(i, i), pattern[i] == 'F' ? default(AffineTransform) : null, null);
        }
    }
}
