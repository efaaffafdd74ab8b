using LatentSync.Latents;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Latents;

public sealed class MouthMaskTests
{
    private const string Prefix = "mask.";

    public static IEnumerable<object[]> Files => Goldens.FilesWith("alignment", golden => golden.Tensors.Keys.Any(IsMask));

    [SkippableTheory, MemberData(nameof(Files))]
    public void MouthMask_EveryReferenceResolution_EqualsTheReference(string name)
    {
        using GoldenFile file = new(Goldens.Case("alignment", name));
        foreach (string key in file.Tensors.Keys.Where(IsMask))
        {
            int resolution = int.Parse(key[Prefix.Length..], System.Globalization.CultureInfo.InvariantCulture);
            MouthMask mask = new(resolution);
            AssertEqual(file.Read(key), mask.Pixels, key);
            AssertEqual(file.Read($"latent_mask.{resolution}"), mask.Latent.Span, $"latent_{key}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void MouthMask_ResolutionThatIsNoMultipleOfEight_IsRefused(int resolution)
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => new MouthMask(resolution));
        Assert.Equal(LatentSyncError.Usage, error.Error);
    }

    private static bool IsMask(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    private static void AssertEqual(Tensor expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            // Both are bytes divided by 255; a byte apart would be 4e-3.
            Assert.True(Math.Abs(expected.Span[i] - actual[i]) < 1e-6, $"{what} at {i}: {actual[i]} instead of {expected.Span[i]}");
        }
    }
}
