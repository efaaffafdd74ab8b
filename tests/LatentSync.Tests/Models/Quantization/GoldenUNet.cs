using System.Globalization;
using LatentSync.Models.Checkpoints;
using LatentSync.Models.Configuration;
using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Quantization.Calibration;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Quantization;

/// <summary>One of the references' UNets with its inputs and the original's outputs.</summary>
internal sealed class GoldenUNet : IDisposable
{
    private readonly GoldenFile _golden;
    private readonly ICheckpoint _checkpoint;
    private readonly TemporaryFolder _folder = new();

    public GoldenUNet(string name)
    {
        string folder = Goldens.Case("unet", name);
        _golden = new GoldenFile(Path.Combine(folder, "tensors.safetensors"));
        _checkpoint = CheckpointReader.Open(Path.Combine(folder, "latentsync_unet.pt"));
        Graph = UNetGraphBuilder.Build(LatentSyncConfig.Load(Path.Combine(folder, "config.yaml")).Model, _checkpoint);
    }

    public static IEnumerable<object[]> Cases => Goldens.Folders("unet", "tensors.safetensors");

    /// <summary>The case with the smallest checkpoint, whatever cases there are.</summary>
    public static string Smallest => Cases.Select(item => (string)item[0]).MinBy(name => new FileInfo(Path.Combine(Goldens.Case("unet", name), "latentsync_unet.pt")).Length)!;

    public OnnxGraph Graph { get; }

    /// <summary>The outputs' names: <c>out.T</c> and <c>out_zero_audio.T</c> for timesteps T.</summary>
    private IEnumerable<string> Keys => _golden.Tensors.Keys.Where(key => key.StartsWith("out", StringComparison.Ordinal));

    public Tensor Expected(string key) => _golden.Read(key);

    /// <summary>The first of them.</summary>
    public string FirstKey => Keys.Order(StringComparer.Ordinal).First();

    /// <summary>The inputs that an output was computed from.</summary>
    /// <param name="key">The output.</param>
    /// <param name="scale">What the latents are multiplied with.</param>
    public NamedTensor[] Inputs(string key, float scale = 1)
    {
        Tensor audio = _golden.Read("encoder_hidden_states"), sample = _golden.Read("sample");
        foreach (ref float value in sample.Span)
        {
            value *= scale;
        }

        float timestep = float.Parse(key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        return
        [
            new("sample", sample),
            new("timestep", new Tensor(new[] { timestep }, 1)),
            new("encoder_hidden_states", key.StartsWith("out_zero_audio.", StringComparison.Ordinal) ? Tensor.Zeros(audio.Shape) : audio),
        ];
    }

    /// <summary>Calibrates with the first output's inputs.</summary>
    public NetworkStatistics Calibrate(float scale = 1)
    {
        NetworkStatistics statistics = new("reference");
        using OnnxModelReader written = OnnxModelReader.Open(OnnxModelWriter.Write(Graph, _folder.File("plain.onnx")).Model.Path);
        using CalibratingEngine engine = CalibratingEngine.Load(written.Graph, "unet", statistics, 3, new OnnxRuntimeOptions { IntraOpThreads = 1, AllowSpinning = false });
        engine.Run(Inputs(FirstKey, scale));
        return statistics;
    }

    public void Dispose()
    {
        _golden.Dispose();
        _checkpoint.Dispose();
        _folder.Dispose();
    }
}
