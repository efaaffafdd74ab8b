namespace LatentSync.Tests.Audio;

/// <summary>A folder for one test, removed after it; its name needs care on any command line.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("latentsync audio 'test' ü ").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
