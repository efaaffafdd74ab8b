using LatentSync.Video;

namespace LatentSync.Tests.Video;

public sealed class PartialFileTests : IDisposable
{
    private readonly MediaBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Create_BesideAFileThatAKilledJobLeft_RemovesIt()
    {
        File.WriteAllText(_bench[".o[u]t.partial-0123abcd.mp4"], "half");

        using PartialFile file = PartialFile.Create(_bench["o[u]t.mp4"], overwrite: false, []);

        Assert.Equal(file.Path, Path.Combine(_bench.Folder, Assert.Single(_bench.Files)));
    }

    [Fact]
    public void Create_WhileAnotherJobWritesTheSameName_LeavesItsFileAlone()
    {
        using PartialFile living = PartialFile.Create(_bench["out.mp4"], overwrite: false, []);

        PartialFile.Create(_bench["out.mp4"], overwrite: false, []).Dispose();

        Assert.True(File.Exists(living.Path));
        living.Commit();
        Assert.Equal(["out.mp4"], _bench.Files);
    }

    [Theory]
    [InlineData(".other.partial-0123abcd.mp4")]
    [InlineData(".out.partial-0123abcd.mkv")]
    [InlineData(".out.partial-0123abcde.mp4")]
    [InlineData(".out.partial-notes-by.mp4")]
    [InlineData("out.partial-0123abcd.mp4")]
    public void Create_BesideFilesOfOtherNames_LeavesThemAlone(string name)
    {
        File.WriteAllText(_bench[name], "mine");

        PartialFile.Create(_bench["out.mp4"], overwrite: false, []).Dispose();

        Assert.Equal([name], _bench.Files);
    }
}
