using LatentSync.Models.Onnx;
using LatentSync.Models.Precision;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Runtime.TensorRt.Engines;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Precision;

public sealed class ProgramPreparationTests
{
    private static readonly UNetProgramOptions s_form = new() { Guided = true, CacheBranch = 0, Rewrites = UNetRewrites.All & ~UNetRewrites.PhaseUpsampling };

    public static TheoryData<UNetPart> Parts => [.. Enum.GetValues<UNetPart>()];

    private static string Model => Path.Combine(ImportedDemoPack.Path, "unet", "unet.onnx");

    [Fact]
    public void Hash_NetworksOfSeveralForms_TellsThemApartAndIsRepeatable()
    {
        DataHashes data = new();
        UNetProgramOptions[] forms = [s_form, s_form with { CacheBranch = 1 }, s_form with { Guided = false }, s_form with { Rewrites = UNetRewrites.None }];
        GraphHash[] hashes = [.. forms.Select(form => Hash(form, UNetPart.Step)), Hash(s_form, UNetPart.Chunk), Hash(s_form, UNetPart.ShallowStep), GraphHasher.Compute(Model, data, default)];
        Assert.Equal(hashes.Length, hashes.Select(hash => hash.Content).Distinct().Count());
        Assert.Equal(hashes.Length, hashes.Select(hash => hash.Structure).Distinct().Count());
        Assert.Equal(hashes[0], new ProgramPreparation(s_form, UNetPart.Step).Hash(Model, default));

        GraphHash Hash(UNetProgramOptions form, UNetPart part) => new ProgramPreparation(form, part, data).Hash(Model, default);
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Prepare_EachNetwork_IsWrittenWithFloat32EdgesAtEveryPrecision(UNetPart part)
    {
        using TemporaryFolder folder = new();
        ProgramPreparation preparation = new(s_form, part);
        string whole = preparation.Prepare(Model, EnginePrecision.Fp32, folder.Path, default), half = preparation.Prepare(Model, EnginePrecision.Fp16, folder.Path, default);
        Assert.All(new[] { whole, half }, path => Assert.Equal(folder.Path, Path.GetDirectoryName(path)));
        using OnnxRuntimeEngine expected = OnnxRuntimeEngine.Load(whole, new OnnxRuntimeOptions()), actual = OnnxRuntimeEngine.Load(half, new OnnxRuntimeOptions());
        Assert.Equal(Names(expected.Inputs), Names(actual.Inputs));
        Assert.Equal(Names(expected.Outputs), Names(actual.Outputs));
        Assert.All(actual.Inputs.Concat(actual.Outputs), tensor => Assert.Equal("float", tensor.ElementType));
    }

    [Fact]
    public void Prepare_QuantizedPrecisionOfAPlainPack_IsRefused()
    {
        using TemporaryFolder folder = new();
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => new ProgramPreparation(s_form, UNetPart.Step).Prepare(Model, EnginePrecision.Int8, folder.Path, default));
        Assert.Contains("not quantized", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(IReadOnlyList<TensorContract> tensors) => tensors.Select(tensor => tensor.Name);
}
