using LatentSync.Models.Checkpoints;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Tests.Models.Graphs;

public sealed class GraphErrorTests
{
    [Fact]
    public void Build_TensorMissing_NamesFileTensorAndShape()
    {
        using EditedCheckpoint checkpoint = UNet().Without("mid_block.resnets.1.conv2.weight");

        AssertRefused(() => UNetGraphBuilder.Build(DemoGraphs.UNetConfig, checkpoint), "edited.pt", "'mid_block.resnets.1.conv2.weight'", "[64,64,3,3]");
    }

    [Fact]
    public void Build_TensorOfAnotherShape_NamesBothShapes()
    {
        using EditedCheckpoint checkpoint = UNet().With("conv_in.weight", 32, 9, 3, 3);

        AssertRefused(() => UNetGraphBuilder.Build(DemoGraphs.UNetConfig, checkpoint), "edited.pt", "'conv_in.weight'", "[32,9,3,3]", "[32,13,3,3]");
    }

    [Fact]
    public void Build_MotionModulesThatTheConfigurationLacks_AreNotDroppedSilently()
    {
        using EditedCheckpoint checkpoint = UNet();

        AssertRefused(() => UNetGraphBuilder.Build(DemoGraphs.UNetConfig with { UseMotionModule = false }, checkpoint), "edited.pt", "motion_modules");
        AssertRefused(() => UNetGraphBuilder.Build(DemoGraphs.UNetConfig with { MotionModuleDecoderOnly = true }, checkpoint), "edited.pt", "'down_blocks.0.motion_modules");
        AssertRefused(() => UNetGraphBuilder.Build(DemoGraphs.UNetConfig with { LayersPerBlock = 1 }, checkpoint), "edited.pt");
    }

    [Fact]
    public void Build_TensorsOutsideTheNetwork_ArePassedOver()
    {
        using EditedCheckpoint checkpoint = UNet().With("optimizer.step", 1).With("down_blocks.0.counter.num_batches_tracked");

        Assert.NotEmpty(UNetGraphBuilder.Build(DemoGraphs.UNetConfig, checkpoint).Nodes);
    }

    [Fact]
    public void Build_LeftoversInVaeOrWhisper_AreNamed()
    {
        using ICheckpoint vae = DemoGraphs.OpenCheckpoint("vae_encoder"), whisper = DemoGraphs.OpenCheckpoint("whisper");
        using EditedCheckpoint largerVae = EditedCheckpoint.Of(vae).With("encoder.down_blocks.0.attentions.0.to_q.weight", 24, 24).With("decoder.up_blocks.9.resnets.0.norm1.weight", 24);
        using EditedCheckpoint largerWhisper = EditedCheckpoint.Of(whisper).With("encoder.blocks.9.attn_ln.weight", 96);

        AssertRefused(() => DemoGraphs.Build("vae_encoder", largerVae), "'encoder.down_blocks.0.attentions.0.to_q.weight'");
        AssertRefused(() => DemoGraphs.Build("vae_decoder", largerVae), "'decoder.up_blocks.9.resnets.0.norm1.weight'");
        AssertRefused(() => WhisperGraphBuilder.Build(WhisperConfig.FromCheckpoint(whisper), largerWhisper), "'encoder.blocks.9.attn_ln.weight'");
    }

    [Fact]
    public void FromCheckpoint_NoDimensions_NamesTheKey()
    {
        using EditedCheckpoint checkpoint = UNet();

        AssertRefused(() => WhisperConfig.FromCheckpoint(checkpoint), "edited.pt", "dims.n_mels");
    }

    [Fact]
    public void Build_UnknownExtraOutput_NamesIt()
    {
        using EditedCheckpoint checkpoint = UNet();
        UNetGraphOptions options = new() { ExtraOutputs = ["down_blocks.7"] };

        Assert.Contains("down_blocks.7", Assert.Throws<LatentSyncException>(() => UNetGraphBuilder.Build(DemoGraphs.UNetConfig, checkpoint, options)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, UNetConfig> BadConfigurations => new()
    {
        { "down_block_types", DemoGraphs.UNetConfig with { DownBlockTypes = ["DownBlock3D"] } },
        { "down_block_types", DemoGraphs.UNetConfig with { DownBlockTypes = ["AttnDownBlock3D", "DownBlock3D", "DownBlock3D", "DownBlock3D"] } },
        { "up_block_types", DemoGraphs.UNetConfig with { UpBlockTypes = ["UpBlock3D", "UpBlock3D", "UpBlock3D", "AttnUpBlock3D"] } },
        { "mid_block_type", DemoGraphs.UNetConfig with { MidBlockType = "UNetMidBlock2D" } },
        { "act_fn", DemoGraphs.UNetConfig with { ActFn = "mish" } },
        { "norm_num_groups", DemoGraphs.UNetConfig with { NormNumGroups = 7 } },
        { "attention_head_dim", DemoGraphs.UNetConfig with { AttentionHeads = [5] } },
        { "attention_head_dim", DemoGraphs.UNetConfig with { AttentionHeads = [4, 4] } },
        { "downsample_padding", DemoGraphs.UNetConfig with { DownsamplePadding = 0 } },
        { "attention_block_types", DemoGraphs.UNetConfig with { MotionModule = DemoGraphs.UNetConfig.MotionModule with { AttentionBlockTypes = ["Temporal_Cross"] } } },
        { "block_out_channels", DemoGraphs.UNetConfig with { BlockOutChannels = [24, 48, 48, 48] } },
    };

    [Theory]
    [MemberData(nameof(BadConfigurations))]
    public void Build_UnsupportedConfiguration_NamesTheKey(string key, UNetConfig config)
    {
        using EditedCheckpoint checkpoint = UNet();

        AssertRefused(() => UNetGraphBuilder.Build(config, checkpoint), key);
    }

    private static EditedCheckpoint UNet()
    {
        using ICheckpoint checkpoint = DemoGraphs.OpenCheckpoint("unet");
        return EditedCheckpoint.Of(checkpoint);
    }

    private static void AssertRefused(Func<object> build, params string[] parts)
    {
        LatentSyncException error = Assert.Throws<LatentSyncException>(build);
        Assert.Equal(LatentSyncError.Model, error.Error);
        Assert.DoesNotContain('\n', error.Message);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
