using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Tests.Cli;

/// <summary>Options and packs that cannot be right.</summary>
public sealed class SyncOptionTests : IDisposable
{
    private const int Usage = 2, Model = 4, Missing = 7;

    private readonly SyncBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("--steps", "0")]
    [InlineData("--steps", "many")]
    [InlineData("--guidance", "99")]
    [InlineData("--guidance", "NaN")]
    [InlineData("--resolution", "100")]
    [InlineData("--fps", "x")]
    [InlineData("--fps", "1000")]
    [InlineData("--crf", "99")]
    [InlineData("--start", "-1")]
    [InlineData("--start", "3600")]
    [InlineData("--duration", "0")]
    [InlineData("--scheduler", "unknown")]
    [InlineData("--on-missing-face", "shrug")]
    [InlineData("--unknown", "1")]
    public async Task Sync_SenselessOption_IsNamed(string option, string value) =>
        await _bench.RefusesAsync(Usage, _bench.Job((option, value)), option);

    [Theory]
    [InlineData("--video")]
    [InlineData("--audio")]
    [InlineData("--out")]
    public async Task Sync_RequiredOptionLeftOut_IsNamed(string option) => await _bench.RefusesAsync(Usage, _bench.Job((option, null)), option);

    [Fact]
    public async Task Sync_OutputOfUnknownContainer_NamesTheKnown() =>
        await _bench.RefusesAsync(Usage, _bench.Job(("--out", _bench["out/out.avi"])), "out.avi", ".mp4");

    [SkippableTheory]
    [InlineData("cuda", "CUDAExecutionProvider")]
    [InlineData("tensorrt", "TensorrtExecutionProvider")]
    public async Task Sync_ProviderThatThisBuildLacks_NamesThoseItHasAndTheFix(string provider, string wanted)
    {
        Skip.If(OrtEnv.Instance().GetAvailableProviders().Contains(wanted), $"this build has the {wanted}");
        await _bench.RefusesAsync(
            Missing, _bench.Job(("--ep", provider), ("--backend", "onnx")), $"no {wanted}", "CPUExecutionProvider", "-p:OnnxRuntimeGpu=true", "--ep cpu");
    }

    [Fact]
    public async Task Sync_NoPack_SaysHowToMakeOne() =>
        await _bench.RefusesAsync(Model, _bench.Job(("--models", _bench["absent"])), "absent", "latentsync models import");

    [Theory]
    [InlineData("empty-folder")]
    [InlineData("file")]
    [InlineData("no-manifest")]
    [InlineData("truncated")]
    [InlineData("tampered")]
    public async Task Sync_WrongPack_NamesItAndTheFix(string damage)
    {
        string pack = _bench["pack"];
        string graph = Path.Combine(pack, "vae_decoder");
        if (damage == "file")
        {
            File.WriteAllText(pack, "no pack");
        }
        else
        {
            Directory.CreateDirectory(pack);
        }

        if (damage is "no-manifest" or "truncated" or "tampered")
        {
            CopyPack(pack);
            graph = Directory.GetFiles(graph, "*.onnx").Single();
        }

        switch (damage)
        {
            case "no-manifest":
                File.Delete(Path.Combine(pack, "manifest.json"));
                break;
            case "truncated":
                using (FileStream file = File.OpenWrite(graph))
                {
                    file.SetLength(file.Length / 2);
                }

                break;
            case "tampered":
                File.WriteAllBytes(graph, [.. File.ReadAllBytes(graph).Select(b => (byte)~b)]);
                break;
        }

        await _bench.RefusesAsync(Model, _bench.Job(("--models", pack)), "pack", damage == "tampered" ? "latentsync models verify" : "import");
    }

    private static void CopyPack(string target)
    {
        string source = Support.ImportedDemoPack.Path;
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
