using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Configuration;

public sealed class LatentSyncConfigTests
{
    private const string Minimal = "data: {resolution: 256}\nmodel: {in_channels: 13}\n";

    private static string ConfigFolder => Path.Combine(Goldens.RepositoryRoot, "tests", "data", "configs");

    public static IEnumerable<object[]> OfficialConfigs() => Directory.GetFiles(ConfigFolder, "*.yaml").Select(f => new object[] { Path.GetFileName(f) });

    public static IEnumerable<object[]> GoldenConfigs() => Goldens.Folders("unet", "config.yaml");

    [Theory, MemberData(nameof(OfficialConfigs))]
    public void Load_OfficialConfig_ReadsEveryValue(string name)
    {
        LatentSyncConfig config = LatentSyncConfig.Load(Path.Combine(ConfigFolder, name));

        Assert.Equal(16, config.NumFrames);
        Assert.Equal(name.Contains("512", StringComparison.Ordinal) ? 512 : 256, config.Resolution);
        Assert.Equal(25, config.VideoFps);
        Assert.Equal((2, 2), (config.AudioFeatLengthBefore, config.AudioFeatLengthAfter));
        Assert.Equal((1.5, 20, 1247L), (config.GuidanceScale, config.InferenceSteps, config.Seed));
        UNetConfig model = config.Model;
        Assert.Equal([320, 640, 1280, 1280], model.BlockOutChannels);
        Assert.Equal([8], model.AttentionHeads);
        Assert.Equal((13, 4, 384), (model.InChannels, model.OutChannels, model.CrossAttentionDim));
        Assert.Equal(1e-5, model.NormEps);
        Assert.True(model.AddAudioLayer);
        Assert.Equal(name.StartsWith("stage2", StringComparison.Ordinal), model.UseMotionModule);
        Assert.Equal(name.Contains("efficient", StringComparison.Ordinal), model.MotionModuleDecoderOnly);
        Assert.Equal((8, 1, true, 24),
            (model.MotionModule.NumAttentionHeads, model.MotionModule.NumTransformerBlocks, model.MotionModule.TemporalPositionEncoding, model.MotionModule.TemporalPositionEncodingMaxLength));
    }

    [SkippableTheory, MemberData(nameof(GoldenConfigs))]
    public void Load_ReferenceConfig_IsUnderstood(string name) =>
        Assert.True(LatentSyncConfig.Load(Path.Combine(Goldens.Case("unet", name), "config.yaml")).Model.InChannels > 0);

    [Fact]
    public void Parse_MissingKeys_HaveTheOriginalsDefaults()
    {
        LatentSyncConfig config = LatentSyncConfig.Parse(Minimal, "c.yaml");

        Assert.Equal((16, 25, 16000, 1.5, 20, 1247L), (config.NumFrames, config.VideoFps, config.AudioSampleRate, config.GuidanceScale, config.InferenceSteps, config.Seed));
        Assert.Equal(1280, config.Model.CrossAttentionDim);
        Assert.False(config.Model.UseMotionModule);
    }

    [Theory]
    [InlineData("1e-5")]
    [InlineData("'1e-5'")]
    [InlineData("0.00001")]
    [InlineData("1.0E-05")]
    public void Parse_NumberInAnySpelling_IsTheNumber(string spelling) =>
        Assert.Equal(1e-5, LatentSyncConfig.Parse($"data: {{resolution: 256}}\nmodel:\n  norm_eps: {spelling}\n", "c.yaml").Model.NormEps);

    [Fact]
    public void Parse_TrainingSections_ArePassedOver() =>
        LatentSyncConfig.Parse(Minimal + "optimizer: {lr: 1e-5}\nckpt: {resume_ckpt_path: ''}\nrun: {use_syncnet: true, trainable_modules: [a, b]}\nlr_scheduler:\n", "c.yaml");

    [Fact]
    public void Parse_HeadsForEachLevel_AreKept() =>
        Assert.Equal([4, 8, 8, 8], LatentSyncConfig.Parse("data: {resolution: 256}\nmodel: {attention_head_dim: [4, 8, 8, 8]}", "c.yaml").Model.AttentionHeads);

    [Theory]
    [InlineData("nobody_knows_me: 1", "model.nobody_knows_me")]
    [InlineData("motion_module_type: Fancy", "model.motion_module_type")]
    [InlineData("use_motion_module: true", "model.motion_module_type")]
    [InlineData("use_linear_projection: true", "model.use_linear_projection")]
    [InlineData("down_block_types: [CrossAttnDownBlock3D, Strange, DownBlock3D, DownBlock3D]", "Strange")]
    [InlineData("down_block_types: [DownBlock3D]", "model.down_block_types")]
    [InlineData("mid_block_type: Other", "model.mid_block_type")]
    [InlineData("act_fn: gelu", "model.act_fn")]
    [InlineData("class_embed_type: timestep", "model.class_embed_type")]
    [InlineData("resnet_time_scale_shift: scale_shift", "model.resnet_time_scale_shift")]
    [InlineData("unet_use_cross_frame_attention: true", "model.unet_use_cross_frame_attention")]
    [InlineData("attention_head_dim: eight", "model.attention_head_dim")]
    [InlineData("attention_head_dim: [8, 8]", "model.attention_head_dim")]
    [InlineData("block_out_channels: 320", "model.block_out_channels")]
    [InlineData("block_out_channels: [320, 640, -1, 4]", "model.block_out_channels")]
    [InlineData("layers_per_block: 99999999999999", "model.layers_per_block")]
    [InlineData("norm_eps: .nan", "model.norm_eps")]
    [InlineData("norm_num_groups: 7", "model.norm_num_groups")]
    [InlineData("attention_head_dim: 7", "model.attention_head_dim")]
    [InlineData("motion_module_kwargs: {attention_block_types: [Spatial]}", "Spatial")]
    [InlineData("motion_module_kwargs: {new_idea: 1}", "model.motion_module_kwargs.new_idea")]
    [InlineData("motion_module_kwargs: [1]", "model.motion_module_kwargs")]
    public void Parse_UnsupportedModelKey_IsRefusedByName(string line, string named) => AssertRefused($"data: {{resolution: 256}}\nmodel:\n  {line}\n", named);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("- 1\n", "mapping")]
    [InlineData("hello", "mapping")]
    [InlineData("data: {resolution: 256}\n", "'model' is missing")]
    [InlineData("model: {in_channels: 13}\n", "'data' is missing")]
    [InlineData("data: {}\nmodel: {in_channels: 13}\n", "data.resolution")]
    [InlineData("data: {resolution: 250}\nmodel: {in_channels: 13}\n", "data.resolution")]
    [InlineData("data: {resolution: 256, audio_sample_rate: 44100}\nmodel: {in_channels: 13}\n", "data.audio_sample_rate")]
    [InlineData("data: {resolution: 256, audio_feat_length: [2]}\nmodel: {in_channels: 13}\n", "data.audio_feat_length")]
    [InlineData("data: {resolution: 256, mask_image_path: latentsync/utils/mask3.png}\nmodel: {in_channels: 13}\n", "mask3.png")]
    [InlineData("data: {resolution: 256}\nrun: {seed: abc}\nmodel: {in_channels: 13}\n", "run.seed")]
    [InlineData("data: {resolution: 256}\ndata: {resolution: 256}\n", "twice")]
    [InlineData("data: &a {resolution: 256}\nmodel: *a\n", "alias")]
    [InlineData("data: !!python/object/apply:os.system [id]\n", "tag")]
    [InlineData("data: {resolution: 256\n", "not valid YAML")]
    [InlineData("a: b: c: d\n", "not valid YAML")]
    [InlineData("a: 1\n---\nb: 2\n", "more than one document")]
    [InlineData("? [1, 2]\n: 3\n", "plain text")]
    public void Parse_BrokenYaml_IsOneClearError(string yaml, string named) => AssertRefused(yaml, named);

    [Fact]
    public void Parse_DeepNesting_IsRefused() => AssertRefused("data: " + new string('[', 100_000), "nested deeper");

    [Fact]
    public void Parse_HugeText_IsRefused() => AssertRefused("data: " + new string('x', 1_000_000), "larger than");

    [Fact]
    public void Load_NotText_NamesTheFile()
    {
        string path = Path.Combine(Goldens.DemoPack, "checkpoints", "whisper", "demo.pt");
        Assert.StartsWith(path, Assert.Throws<LatentSyncException>(() => LatentSyncConfig.Load(path)).Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string yaml, string named)
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(() => LatentSyncConfig.Parse(yaml, "dir/c.yaml"));

        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.StartsWith("dir/c.yaml: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
