using LatentSync.Pipeline.Prepared;
using LatentSync.Tests.Support;
using LatentSync.Tests.Video;
using LatentSync.Video;

namespace LatentSync.Tests.Pipeline.Prepared;

public sealed class LoopedFacesTests : IDisposable
{
    private static readonly FaceRecordLayout Layout = new(64, 4);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    /// <summary>In ping-pong order the ring holds what a cache that drops the least recently used would hold.</summary>
    [Theory]
    [InlineData(7, 1)]
    [InlineData(7, 3)]
    [InlineData(7, 6)]
    [InlineData(7, 7)]
    [InlineData(7, 20)]
    [InlineData(1, 1)]
    public void TryRead_PingPong_HoldsTheMostRecentlyUsedBitForBit(int sources, int capacity)
    {
        using IPreparedFaces faces = LoopedFaces.Create(_folder.Path, Layout, capacity, _warnings.Add);
        List<int> recent = [];
        byte[] face = new byte[Layout.FaceSize];
        float[] latents = new float[2 * Layout.LatentLength];
        for (int output = 0; output < 5 * sources; output++)
        {
            int source = PingPong.SourceIndex(output, sources);
            bool expected = recent.Remove(source);
            Assert.Equal(expected, faces.TryReadFace(source, face));
            Assert.Equal(expected, faces.TryReadLatents(source, latents));
            if (expected)
            {
                Assert.Equal(Face(source), face);
                Assert.Equal(Latents(source), latents);
            }

            faces.KeepFace(source, Face(source));
            faces.KeepLatents(source, Latents(source));
            recent = [.. recent.Append(source).TakeLast(capacity)];
        }

        Assert.Empty(_warnings);
    }

    /// <summary>Faces run ahead of latents: what is kept of one says nothing of the other.</summary>
    [Fact]
    public void TryRead_FaceKeptAlone_GivesNoLatents()
    {
        using IPreparedFaces faces = LoopedFaces.Create(_folder.Path, Layout, 4, _warnings.Add);
        faces.KeepLatents(1, Latents(1));
        faces.KeepFace(5, Face(5));
        Assert.False(faces.TryReadLatents(5, new float[2 * Layout.LatentLength]));
        Assert.False(faces.TryReadFace(1, new byte[Layout.FaceSize]));
        Assert.True(faces.TryReadLatents(1, new float[2 * Layout.LatentLength]));
    }

    [SkippableFact]
    public void Keep_DiskFull_WarnsOnceAndKeepsWhatIsThere()
    {
        string folder = _folder.File("small");
        using SmallDisk disk = SmallDisk.Mount(folder, 4 * Layout.RecordSize);
        using IPreparedFaces faces = LoopedFaces.Create(folder, Layout, 100, _warnings.Add);
        for (int source = 0; source < 50; source++)
        {
            faces.KeepFace(source, Face(source));
            faces.KeepLatents(source, Latents(source));
        }

        Assert.Contains(folder, Assert.Single(_warnings), StringComparison.Ordinal);
        byte[] face = new byte[Layout.FaceSize];
        Assert.True(faces.TryReadFace(0, face));
        Assert.Equal(Face(0), face);
        Assert.False(faces.TryReadFace(40, face));
    }

    [Fact]
    public void Create_FolderMissing_WarnsAndKeepsNothing()
    {
        using IPreparedFaces faces = LoopedFaces.Create(_folder.File("absent"), Layout, 4, _warnings.Add);
        Assert.Single(_warnings);
        faces.KeepFace(0, Face(0));
        Assert.False(faces.TryReadFace(0, new byte[Layout.FaceSize]));
    }

    [SkippableFact]
    public void Create_File_HasNoName()
    {
        Skip.If(OperatingSystem.IsWindows(), "the name goes when the file is closed");
        using IPreparedFaces faces = LoopedFaces.Create(_folder.Path, Layout, 4, _warnings.Add);
        faces.KeepFace(0, Face(0));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private static byte[] Face(int source) => [.. Enumerable.Range(0, Layout.FaceSize).Select(i => (byte)(i + (7 * source)))];

    private static float[] Latents(int source) => [.. Enumerable.Range(0, 2 * Layout.LatentLength).Select(i => (i * 0.25f) - source)];
}
