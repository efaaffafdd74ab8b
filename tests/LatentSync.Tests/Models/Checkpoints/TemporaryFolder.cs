namespace LatentSync.Tests.Models.Checkpoints;

/// <summary>A folder that goes with the test; its name has what paths may have.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("checkpoint 'ü' ");

    public string Path => _folder.FullName;

    public string Write(string name, byte[] bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
