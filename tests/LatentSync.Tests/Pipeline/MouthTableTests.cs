using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

public class MouthTableTests
{
    [Fact]
    public void ReadOpenness_DemoSpeech_HasARowAFrame()
    {
        IReadOnlyList<double> rows = MouthTable.ReadOpenness(Path.Combine(Goldens.DemoPack, "media", "speech.mouth.csv"));
        Assert.Equal([0.0827, 0.7495, 1.0, 0.9719], rows.Take(4));
        Assert.All(rows, value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void ReadOpenness_MissingFile_NamesIt()
    {
        LatentSyncException exception = Assert.Throws<LatentSyncException>(() => MouthTable.ReadOpenness("no-such-table.csv"));
        Assert.Contains("no-such-table.csv", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frame,width\n0,1\n")]
    [InlineData("frame,openness\n0,wide\n")]
    [InlineData("")]
    public void ReadOpenness_NotSuchATable_NamesTheColumn(string text)
    {
        string path = Path.Combine(Path.GetTempPath(), $"mouth-{Guid.NewGuid():N}.csv");
        File.WriteAllText(path, text);
        try
        {
            LatentSyncException exception = Assert.Throws<LatentSyncException>(() => MouthTable.ReadOpenness(path));
            Assert.Contains("openness", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
