using LatentSync.Models.Packs;
using LatentSync.Pipeline;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;

namespace LatentSync.Tests.Pipeline;

public sealed class OnnxEngineCacheTests
{
    private static readonly PackFile s_graph = new("unet/model.onnx", 10, new string('a', 64));
    private static readonly PackFile s_weights = new("unet/model.onnx.data", 20, new string('b', 64));

    [Fact]
    public void Prefix_OfANetwork_IsItsNameAndAHash() => Assert.Matches("^unet-[0-9a-f]{32}$", OnnxEngineCache.Prefix(Component("unet", s_graph, s_weights)));

    [Fact]
    public void Prefix_FilesInAnotherOrder_IsTheSame() => Assert.Equal(
        OnnxEngineCache.Prefix(Component("unet", s_graph, s_weights)), OnnxEngineCache.Prefix(Component("unet", s_weights, s_graph)));

    /// <summary>An engine of other weights must not be taken for this one's.</summary>
    [Fact]
    public void Prefix_AnythingOfTheNetworkChanged_IsAnother()
    {
        PackComponent[] components =
        [
            Component("unet", s_graph, s_weights),
            Component("vae_decoder", s_graph, s_weights),
            Component("unet", s_graph with { Sha256 = new string('c', 64) }, s_weights),
            Component("unet", s_graph, s_weights with { Sha256 = new string('c', 64) }),
            Component("unet", s_graph, s_weights with { Path = "unet/other.data" }),
            Component("unet", s_graph with { Sha256 = s_weights.Sha256 }, s_weights with { Sha256 = s_graph.Sha256 }),
            Component("unet", s_graph),
        ];
        Assert.Equal(components.Length, components.Select(OnnxEngineCache.Prefix).Distinct().Count());
    }

    [Fact]
    public void Add_TensorRtProvider_KeepsEnginesInTheUsersCache()
    {
        OnnxRuntimeOptions options = OnnxEngineCache.Add(
            new OnnxRuntimeOptions { Provider = OnnxExecutionProvider.TensorRt, Device = 3 }, Component("unet", s_graph, s_weights));
        Assert.Equal(UserCacheFolder.For("onnxruntime-tensorrt"), options.EngineCacheFolder);
        Assert.Equal(OnnxEngineCache.Prefix(Component("unet", s_graph, s_weights)), options.EngineCachePrefix);
        Assert.Equal(3, options.Device);
    }

    [Theory]
    [InlineData(OnnxExecutionProvider.Cpu)]
    [InlineData(OnnxExecutionProvider.Cuda)]
    public void Add_ProviderWithoutEngines_ChangesNothing(OnnxExecutionProvider provider)
    {
        OnnxRuntimeOptions options = new() { Provider = provider };
        Assert.Equal(options, OnnxEngineCache.Add(options, Component("unet", s_graph)));
    }

    private static PackComponent Component(string name, params PackFile[] files) => new(name, files[0].Path, "float32", 1, [], [], files);
}
