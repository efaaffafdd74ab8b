using LatentSync.Profiling.Layers;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Profiling;

public sealed class OnnxProfileTests : IDisposable
{
    private const string Whole =
        """
        [
        {"cat" : "Session","pid" :1,"tid" :1,"dur" :10,"ts" :0,"ph" : "X","name" :"session_initialization","args" : {}},
        {"cat" : "Session","pid" :1,"tid" :1,"dur" :100,"ts" :20,"ph" : "X","name" :"model_run","args" : {}},
        {"cat" : "Node","pid" :1,"tid" :2,"dur" :60,"ts" :21,"ph" : "X","name" :"down.0.conv1_nchwc_kernel_time","args" : {"op_name" : "Conv","node_index" : "4"}},
        {"cat" : "Node","pid" :1,"tid" :2,"dur" :0,"ts" :21,"ph" : "X","name" :"down.0.conv1_fence_before","args" : {"op_name" : "Conv"}}
        ]
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_AProfile_GivesLayersAndRuns()
    {
        OnnxProfile profile = await OnnxProfile.ReadAsync(Write("vae_decoder-12_2026-11-28_11-35-02_1.json", Whole));
        Assert.Equal("vae_decoder", profile.Network);
        Assert.Equal([TimeSpan.FromMicroseconds(100)], profile.Runs);
        Assert.Equal([new LayerRun("down.0.conv1", "Conv", TimeSpan.FromMicroseconds(21), TimeSpan.FromMicroseconds(60), 2)], profile.Layers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("[null]")]
    [InlineData("""[{"name":1,"cat":"Node"}]""")]
    [InlineData("""[{"name":"a_kernel_time","cat":"Node","args":{},"ts":0,"dur":0,"tid":0}]""")]
    [InlineData("""[{"name":"a_kernel_time","cat":"Node","args":{"op_name":"Conv"},"ts":"x","dur":0,"tid":0}]""")]
    [InlineData("""[{"name":"a_kernel_time","cat":"Node","args":{"op_name":"Conv"},"ts":1e300,"dur":0,"tid":0}]""")]
    public async Task Read_SomethingElse_NamesTheFile(string text)
    {
        string path = Write("unet-1_2026-11-28.json", text);
        LatentSyncException error = await Assert.ThrowsAsync<LatentSyncException>(() => OnnxProfile.ReadAsync(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_CutOff_IsRefused() =>
        await Assert.ThrowsAsync<LatentSyncException>(() => OnnxProfile.ReadAsync(Write("unet-1_2026-11-28.json", Whole[..^20])));

    [Fact]
    public async Task Read_NoFile_IsRefused() => await Assert.ThrowsAsync<LatentSyncException>(() => OnnxProfile.ReadAsync(_folder.File("none.json")));

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }
}
