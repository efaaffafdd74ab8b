using LatentSync.Faces;

namespace LatentSync.Tests.Faces;

public class FaceSelectorTests
{
    [Fact]
    public void Select_NoFaces_NotDetected() => Assert.Equal((-1, FaceAbsence.NotDetected), FaceSelector.Select([]));

    [Fact]
    public void Select_SeveralUsable_LargestAndOfEqualOnesTheFirst()
    {
        FaceBox small = Box(60, 90), large = Box(100, 120), same = Box(120, 100);
        Assert.Equal((1, FaceAbsence.None), FaceSelector.Select([small, large, same]));
        Assert.Equal((1, FaceAbsence.None), FaceSelector.Select([Box(400, 90), small, Box(10, 10)]));
    }

    [Theory]
    [InlineData(49.9f, 90, FaceAbsence.TooSmall)]
    [InlineData(50, 79.9f, FaceAbsence.TooSmall)]
    [InlineData(50, 80, FaceAbsence.None)]
    [InlineData(150, 100, FaceAbsence.None)]
    [InlineData(151, 100, FaceAbsence.OddProportions)]
    [InlineData(50, 251, FaceAbsence.OddProportions)]
    [InlineData(50, 250, FaceAbsence.None)]
    public void Select_AtTheLimits_AsTheOriginal(float width, float height, FaceAbsence expected) =>
        Assert.Equal((0, expected), FaceSelector.Select([Box(width, height)]));

    [Fact]
    public void Select_FractionsAndNegatives_TruncatedTowardsZeroFirst()
    {
        // 0.9 -> 0 and 50.1 -> 50: 50 wide, though the box is 49.2; -0.9 -> 0 and 49.9 -> 49: 49 wide, though it is 50.8.
        Assert.Equal(FaceAbsence.None, FaceSelector.Select([new FaceBox(0.9f, 0, 50.1f, 90, 0.9f)]).Absence);
        Assert.Equal(FaceAbsence.TooSmall, FaceSelector.Select([new FaceBox(-0.9f, 0, 49.9f, 90, 0.9f)]).Absence);
    }

    [Fact]
    public void Select_AllPassedOver_ReasonOfTheLargest()
    {
        FaceBox[] faces = [Box(20, 20), Box(300, 100), Box(30, 40)];
        Assert.Equal((1, FaceAbsence.OddProportions), FaceSelector.Select(faces));
        Assert.Equal((0, FaceAbsence.LowConfidence), FaceSelector.Select([Box(100, 100) with { Score = 0.4f }]));
    }

    [Fact]
    public void Select_NotANumber_NeverUsable()
    {
        Assert.NotEqual(FaceAbsence.None, FaceSelector.Select([new FaceBox(float.NaN, 0, 100, 100, 1)]).Absence);
        Assert.NotEqual(FaceAbsence.None, FaceSelector.Select([new FaceBox(0, 0, float.PositiveInfinity, float.PositiveInfinity, 1)]).Absence);
    }

    private static FaceBox Box(float width, float height) => new(10, 20, 10 + width, 20 + height, 0.9f);
}
