using LatentSync.Video;

namespace LatentSync.Tests.Video;

public class PingPongTests
{
    [Theory]
    [InlineData(1, new[] { 0, 0, 0, 0 })]
    [InlineData(2, new[] { 0, 1, 1, 0, 0, 1, 1, 0 })]
    [InlineData(3, new[] { 0, 1, 2, 2, 1, 0, 0, 1, 2, 2 })]
    public void SourceIndex_EachTurn_RepeatsItsEndFrame(int count, int[] expected) =>
        Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(i => PingPong.SourceIndex(i, count)));

    [Fact]
    public void SourceIndex_AnyCount_EqualsTheSequenceBuiltByReversing()
    {
        for (int count = 1; count <= 9; count++)
        {
            List<int> looped = [];
            for (int turn = 0; looped.Count < 60; turn++)
            {
                looped.AddRange(turn % 2 == 0 ? Enumerable.Range(0, count) : Enumerable.Range(0, count).Reverse());
            }

            Assert.Equal(looped.Take(60), Enumerable.Range(0, 60).Select(i => PingPong.SourceIndex(i, count)));
        }
    }
}
