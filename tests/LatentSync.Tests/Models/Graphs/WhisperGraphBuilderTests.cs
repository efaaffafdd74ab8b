using System.Text.Json;
using LatentSync.Models.Checkpoints;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Models.Graphs;

public sealed class WhisperGraphBuilderTests
{
    // The project's bound for float32: 2e-4 of the reference's standard deviation.
    private const double Tolerance = 2e-4;

    public static IEnumerable<object[]> Cases => Goldens.Files("audio", "*.safetensors");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Build_ReferenceMel_ReproducesTheFeatures(string name)
    {
        using GoldenFile golden = new(Goldens.Case("audio", name));
        using ICheckpoint checkpoint = CheckpointReader.Open(Path.Combine(Goldens.Area("audio"), golden.Metadata("checkpoint")));
        WhisperConfig config = WhisperConfig.FromCheckpoint(checkpoint);
        int[] rows = JsonSerializer.Deserialize<int[]>(golden.Metadata("kept_feature_rows"))!;
        Tensor mel = golden.Read("mel");
        int columns = (int)mel.Shape[1], capacity = 2 * config.AudioContext;
        Skip.If(rows[0] != 0 || columns > capacity, "the file keeps the mel of a part only; attention needs the whole segment");
        using BuiltGraph built = new(WhisperGraphBuilder.Build(config, checkpoint));

        Tensor segment = Tensor.Zeros(1, config.Mels, capacity);
        for (int band = 0; band < config.Mels; band++)
        {
            mel.Span.Slice(band * columns, columns).CopyTo(segment.Span[(band * capacity)..]);
        }

        Tensor features = built.Run(new NamedTensor("mel", segment))["hidden_states"];
        int row = (config.AudioLayers + 1) * config.AudioState, count = (rows[1] - rows[0]) * row;
        Assert.Equal([1, config.AudioContext, config.AudioLayers + 1, config.AudioState], features.Shape.ToArray());
        Tensor kept = new(features.Span[..count].ToArray(), [rows[1] - rows[0], config.AudioLayers + 1, config.AudioState]);
        Tolerances.AssertWithinStandardDeviations(golden.Read("features"), kept, Tolerance, $"{name}: features");
    }
}
