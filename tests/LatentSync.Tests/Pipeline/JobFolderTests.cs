using LatentSync.Pipeline;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Pipeline;

public sealed class JobFolderTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Create_BesideAFolderThatAKilledJobLeft_RemovesIt()
    {
        string left = Leave("latentsync-job-0123", withLock: true);

        using JobFolder job = JobFolder.Create(_root.Path);

        Assert.False(Directory.Exists(left));
        Assert.Equal([job.Path], Directory.GetFileSystemEntries(_root.Path));
    }

    [Fact]
    public void Create_BesideALivingJob_LeavesItsFolderAlone()
    {
        using JobFolder living = JobFolder.Create(_root.Path);
        File.WriteAllText(Path.Combine(living.Path, "samples"), "x");

        JobFolder.Create(_root.Path).Dispose();

        Assert.True(File.Exists(Path.Combine(living.Path, "samples")));
    }

    [Fact]
    public void Create_BesideFoldersOfOthers_LeavesThemAlone()
    {
        string[] others = [Leave("latentsync-job-4567", withLock: false), Leave("latentsync-video", withLock: true)];

        JobFolder.Create(_root.Path).Dispose();

        Assert.Equal(others.Order(), Directory.GetFileSystemEntries(_root.Path).Order());
    }

    [Fact]
    public void Dispose_RemovesWhatTheJobMade()
    {
        JobFolder job = JobFolder.Create(Path.Combine(_root.Path, "new", "temp"));
        Directory.CreateDirectory(Path.Combine(job.Path, "deeper"));
        File.WriteAllText(Path.Combine(job.Path, "deeper", "samples"), "x");

        job.Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(_root.Path));
    }

    [Fact]
    public void Dispose_ParentThatWasThereOrIsUsed_Stays()
    {
        string there = Directory.CreateDirectory(Path.Combine(_root.Path, "there")).FullName;
        JobFolder.Create(there).Dispose();
        Assert.True(Directory.Exists(there));

        string used = Path.Combine(_root.Path, "used");
        JobFolder job = JobFolder.Create(used);
        File.WriteAllText(Path.Combine(used, "somebody's"), "x");
        job.Dispose();
        Assert.Equal("somebody's", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(used))));
    }

    private string Leave(string name, bool withLock)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_root.Path, name)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "deeper"));
        File.WriteAllText(Path.Combine(folder, "deeper", "samples"), "x");
        if (withLock)
        {
            File.WriteAllText(Path.Combine(folder, "lock"), string.Empty);
        }

        return folder;
    }
}
