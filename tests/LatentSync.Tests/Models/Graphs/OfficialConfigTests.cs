using System.Text.Json;
using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Graphs;

/// <summary>The official architectures against the names and shapes of the official network.</summary>
public sealed class OfficialConfigTests
{
    public static IEnumerable<object[]> Configs =>
        Directory.GetFiles(Path.Combine(Goldens.RepositoryRoot, "tests", "data", "configs"), "*.yaml").Order(StringComparer.Ordinal).Select(path => new object[] { Path.GetFileName(path) });

    [SkippableTheory]
    [MemberData(nameof(Configs))]
    public void Build_OfficialConfiguration_TakesEveryTensorOfItsNetwork(string file)
    {
        string keys = Path.Combine(Goldens.Area("full-size"), "unet.keys.json");
        Skip.IfNot(File.Exists(keys), "the names and shapes of the official network are not part of the compact references");
        UNetConfig config = LatentSyncConfig.Load(Path.Combine(Goldens.RepositoryRoot, "tests", "data", "configs", file)).Model;
        using EditedCheckpoint checkpoint = new(Shapes(keys).Where(entry => IsPartOf(config, entry.Key)));

        OnnxGraph graph = UNetGraphBuilder.Build(config, checkpoint);

        // Every element of the checkpoint is in the graph exactly once, but for the group norms that are folded into the layer behind them (spatial transformers and motion modules).
        long folded = checkpoint.Tensors.Where(entry => IsFolded(entry.Key)).Sum(entry => entry.Value.ElementCount);
        long constants = graph.Initializers.Where(i => i.Name.Contains('/', StringComparison.Ordinal) && !i.Name.Contains(".proj/", StringComparison.Ordinal)).Sum(i => i.Source.ElementCount);
        Assert.Equal(checkpoint.Tensors.Values.Sum(tensor => tensor.ElementCount) - folded, graph.Initializers.Sum(i => i.Source.ElementCount) - constants);
    }

    private static Dictionary<string, long[]> Shapes(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.GetProperty("shapes").Deserialize<Dictionary<string, long[]>>()!;
    }

    private static bool IsPartOf(UNetConfig config, string key) => !key.Contains("motion_modules", StringComparison.Ordinal)
        || (config.UseMotionModule && !(config.MotionModuleDecoderOnly && key.StartsWith("down_blocks.", StringComparison.Ordinal)));

    private static bool IsFolded(string key)
    {
        string[] parts = key.Split('.');
        return parts.Length > 2 && parts[^2] == "norm" && (key.Contains("attentions", StringComparison.Ordinal) || key.Contains("motion_modules", StringComparison.Ordinal));
    }
}
