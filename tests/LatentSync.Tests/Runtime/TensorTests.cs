using LatentSync.Runtime;

namespace LatentSync.Tests.Runtime;

public sealed class TensorTests
{
    [Fact]
    public void Constructor_ShapeThatHoldsAnotherCount_NamesBoth()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Tensor(new float[5], 2, 3));
        Assert.Contains("[2,3] holds 6 elements, the data 5", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 4)]
    [InlineData(4, -1)]
    public void Constructor_NegativeExtent_IsRefused(long first, long second) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Tensor(new float[4], first, second));

    [Fact]
    public void Zeros_ProductBeyond64Bits_OverflowsInsteadOfWrapping() =>
        Assert.Throws<OverflowException>(() => Tensor.Zeros(1L << 40, 1L << 40));

    [Fact]
    public void Reshape_SameCount_SharesMemory()
    {
        Tensor tensor = Tensor.Zeros(2, 6);
        Tensor other = tensor.Reshape(3, 4);
        other.Span[5] = 7;
        Assert.Equal(7, tensor.Span[5]);
        Assert.Equal([3, 4], other.Shape.ToArray());
        Assert.Throws<ArgumentException>(() => tensor.Reshape(5));
    }

    [Fact]
    public void Scalar_EmptyShape_HoldsOneElement() => Assert.Equal(1, Tensor.Zeros().Length);
}
