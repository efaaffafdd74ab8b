using LatentSync.Models.Packs;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Packs;

/// <summary>The demo pack, imported once for the tests that only read it.</summary>
public sealed class DemoPackFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DemoPackFixture()
    {
        Result = ModelImporter.ImportAsync(DemoImport.Options(_folder)).GetAwaiter().GetResult();
    }

    public ImportResult Result { get; }

    public ModelPack Pack => Result.Pack;

    /// <summary>A copy of the pack to damage.</summary>
    public string CopyTo(TemporaryFolder folder)
    {
        string copy = folder.File("pack");
        DemoImport.Copy(Pack.Path, copy);
        return copy;
    }

    public void Dispose() => _folder.Dispose();
}
