using LatentSync.Faces;

namespace LatentSync.Tests.Faces;

public class NonMaximumSuppressionTests
{
    [Fact]
    public void Select_OverlappingBoxes_SurestOfEachHeapInOrderOfScore()
    {
        FaceBox[] boxes =
        [
            new(0, 0, 99, 99, 0.6f),
            new(5, 5, 104, 104, 0.9f),
            new(300, 0, 399, 99, 0.7f),
            new(302, 0, 401, 99, 0.5f),
        ];
        Assert.Equal([1, 2], NonMaximumSuppression.Select(boxes, 0.4f));
    }

    [Fact]
    public void Select_AreaCountsBothEdges_DecidesAtTheThreshold()
    {
        // Pixels 0..9 and 4..13 share 6 of 14 with both edges counted (0.429: dropped); without the +1, 5 of 13 (0.385) would be kept.
        FaceBox[] boxes = [new(0, 0, 9, 0, 0.9f), new(4, 0, 13, 0, 0.8f)];
        Assert.Equal([0], NonMaximumSuppression.Select(boxes, 0.4f));
    }

    [Fact]
    public void Select_EqualScores_KeepTheirOrder()
    {
        FaceBox[] boxes = [.. Enumerable.Range(0, 40).Select(i => new FaceBox(i * 100, 0, (i * 100) + 50, 50, 0.5f))];
        Assert.Equal(Enumerable.Range(0, 40), NonMaximumSuppression.Select(boxes, 0.4f));
    }

    [Fact]
    public void Select_Nothing_Nothing() => Assert.Empty(NonMaximumSuppression.Select([], 0.4f));
}
