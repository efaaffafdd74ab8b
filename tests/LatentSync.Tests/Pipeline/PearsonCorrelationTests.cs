using LatentSync.Pipeline;

namespace LatentSync.Tests.Pipeline;

public class PearsonCorrelationTests
{
    [Fact]
    public void Of_LinearSeries_IsOneOrMinusOne()
    {
        Assert.Equal(1, PearsonCorrelation.Of([1, 2, 3], [10, 20, 30]), 12);
        Assert.Equal(-1, PearsonCorrelation.Of([1, 2, 3], [3, 2, 1]), 12);
    }

    [Fact]
    public void Of_KnownSeries_GivesTheTextbookValue() =>
        Assert.Equal(0.5298, PearsonCorrelation.Of([43, 21, 25, 42, 57, 59], [99, 65, 79, 75, 87, 81]), 4);

    [Fact]
    public void Of_ConstantSeries_IsNotANumber() => Assert.True(double.IsNaN(PearsonCorrelation.Of([1, 1, 1], [1, 2, 3])));

    [Fact]
    public void Of_DifferentLengths_Throws() => Assert.Throws<ArgumentException>(() => PearsonCorrelation.Of([1], [1, 2]));
}
