using LatentSync.Models.Onnx;

namespace LatentSync.Models.Graphs;

/// <summary>The UNet's blocks in their order, with the skips between the way down and the way up.</summary>
internal sealed class UNetBody(UNetScope scope, ExtraOutputs extra)
{
    private readonly Stack<FeatureMap> _skips = new();

    private GraphAssembler Graph => scope.Graph;

    private UNetConfig Config => scope.Config;

    public ExtraOutputs Extra => extra;

    /// <summary>From the sample [B, C, F, H, W] to the prediction [B, C', F, H, W].</summary>
    public string Build(string sample)
    {
        FeatureMap x = ConvIn(sample);
        for (int i = 0; i < Config.BlockOutChannels.Count; i++)
        {
            x = DownBlock(i, x);
        }

        x = MidBlock(x);
        for (int i = 0; i < Config.BlockOutChannels.Count; i++)
        {
            x = UpBlock(i, x);
        }

        string hidden = ResnetBlockGraph.NormalizeSilu(scope, "conv_norm_out", x, null);
        hidden = Graph.Conv2D(scope.Weights, "conv_out", hidden, x.Channels, Config.OutChannels, 3);
        return Graph.Transpose("out/batch_major", Graph.Reshape("out/clip", hidden, scope.Clip(Config.OutChannels, 0)), 1, 2, 0, 3, 4);
    }

    private FeatureMap ConvIn(string sample)
    {
        string frameMajor = Graph.Transpose("sample/frame_major", sample, 2, 0, 1, 3, 4);
        string size = Graph.Shape("size/sample", sample, 3);
        string pictures = Graph.Reshape("sample/pictures", frameMajor, Graph.Concat("shape/sample", 0, Graph.Int64s(-1, Config.InChannels), size));
        if (Config.CenterInputSample)
        {
            pictures = Graph.Sub("sample/centred", Graph.Mul("sample/doubled", pictures, Graph.Scalar(2)), Graph.Scalar(1));
        }

        scope.DefineSize(0, pictures);
        int channels = Config.BlockOutChannels[0];
        FeatureMap x = new(Graph.Conv2D(scope.Weights, "conv_in", pictures, Config.InChannels, channels, 3), channels, 0);
        _skips.Push(x);
        return extra.Add("conv_in", x);
    }

    private FeatureMap DownBlock(int i, FeatureMap x)
    {
        string module = $"down_blocks.{i}";
        for (int layer = 0; layer < Config.LayersPerBlock; layer++)
        {
            x = Layer(module, layer, x, Config.BlockOutChannels[i], Config.DownBlockTypes[i].StartsWith("CrossAttn", StringComparison.Ordinal), i, UNetGraphBuilder.HasDownMotion(Config, i));
            _skips.Push(x);
        }

        if (i < Config.BlockOutChannels.Count - 1)
        {
            int pad = Config.DownsamplePadding;
            string smaller = Graph.Conv2D(scope.Weights, module + ".downsamplers.0.conv", x.Value, x.Channels, x.Channels, 3, stride: 2, [pad, pad, pad, pad]);
            x = new FeatureMap(smaller, x.Channels, x.Level + 1);
            scope.DefineSize(x.Level, smaller);
            _skips.Push(x);
        }

        return extra.Add(module, x);
    }

    private FeatureMap MidBlock(FeatureMap x)
    {
        int last = Config.BlockOutChannels.Count - 1;
        x = extra.Add("mid_block.resnets.0", ResnetBlockGraph.Build(scope, "mid_block.resnets.0", x, x.Channels, Config.MidBlockScaleFactor));
        x = extra.Add("mid_block.attentions.0", SpatialTransformerGraph.Build(scope, "mid_block.attentions.0", x, UNetConfigCheck.Heads(Config, last)));
        if (Config.UseMotionModule && Config.MotionModuleMidBlock)
        {
            x = extra.Add("mid_block.motion_modules.0", MotionModuleGraph.Build(scope, "mid_block.motion_modules.0", x));
        }

        x = extra.Add("mid_block.resnets.1", ResnetBlockGraph.Build(scope, "mid_block.resnets.1", x, x.Channels, Config.MidBlockScaleFactor));
        return extra.Add("mid_block", x);
    }

    private FeatureMap UpBlock(int i, FeatureMap x)
    {
        string module = $"up_blocks.{i}";
        int level = Config.BlockOutChannels.Count - 1 - i;
        for (int layer = 0; layer <= Config.LayersPerBlock; layer++)
        {
            FeatureMap skip = _skips.Pop();
            string both = Graph.Concat($"{module}.resnets.{layer}/skip", 1, x.Value, skip.Value);
            x = Layer(module, layer, x with { Value = both, Channels = x.Channels + skip.Channels }, Config.BlockOutChannels[level], Config.UpBlockTypes[i].StartsWith("CrossAttn", StringComparison.Ordinal), level, UNetGraphBuilder.HasUpMotion(Config, i));
        }

        return extra.Add(module, level > 0 ? Upsample(module + ".upsamplers.0", x) : x);
    }

    /// <summary>Nearest neighbour to the size of the next skip (twice this one, less one where the way down rounded up), then a convolution.</summary>
    private FeatureMap Upsample(string module, FeatureMap x)
    {
        int level = x.Level - 1;
        string sizes = Graph.Concat(module + "/sizes", 0, Graph.Shape(module + "/pictures", x.Value, 0, 2), scope.Size(level));
        string larger = Graph.Node(
            "Resize",
            module + "/resize",
            [x.Value, string.Empty, string.Empty, sizes],
            new OnnxAttribute("mode", "nearest"),
            new OnnxAttribute("coordinate_transformation_mode", "asymmetric"),
            new OnnxAttribute("nearest_mode", "floor"));
        return new FeatureMap(Graph.Conv2D(scope.Weights, module + ".conv", larger, x.Channels, x.Channels, 3), x.Channels, level);
    }

    private FeatureMap Layer(string block, int layer, FeatureMap x, int channels, bool attention, int level, bool motion)
    {
        string resnet = $"{block}.resnets.{layer}";
        x = extra.Add(resnet, ResnetBlockGraph.Build(scope, resnet, x, channels));
        if (attention)
        {
            string name = $"{block}.attentions.{layer}";
            x = extra.Add(name, SpatialTransformerGraph.Build(scope, name, x, UNetConfigCheck.Heads(Config, level)));
        }

        if (motion)
        {
            string name = $"{block}.motion_modules.{layer}";
            x = extra.Add(name, MotionModuleGraph.Build(scope, name, x));
        }

        return x;
    }
}
