using LatentSync.Models.Graphs;
using LatentSync.Models.Onnx;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;
using LatentSync.Tests.Models.Graphs;

namespace LatentSync.Tests.Models.Rewrites;

/// <summary>All networks of a program in ONNX Runtime, run as the program's contract says.</summary>
internal sealed class RunningProgram(UNetProgram program) : IDisposable
{
    private readonly BuiltGraph? _schedule = Load(program.Schedule);
    private readonly BuiltGraph? _chunk = Load(program.Chunk);
    private readonly BuiltGraph _step = new(program.Step);
    private readonly BuiltGraph? _shallow = Load(program.ShallowStep);

    /// <summary>One step of the whole network from the plain network's inputs, in the program's guided form if it has one.</summary>
    public Dictionary<string, Tensor> Step(Tensor sample, float timestep, Tensor audio) => Run(_step, Values(sample, timestep, audio));

    /// <summary>One step between whole ones.</summary>
    public Dictionary<string, Tensor> ShallowStep(Tensor sample, float timestep, Tensor audio, Tensor features)
    {
        Dictionary<string, Tensor> values = Values(sample, timestep, audio);
        values[UNetValues.DeepFeatures] = features;
        return Run(_shallow!, values);
    }

    public void Dispose()
    {
        _schedule?.Dispose();
        _chunk?.Dispose();
        _step.Dispose();
        _shallow?.Dispose();
    }

    private Dictionary<string, Tensor> Values(Tensor sample, float timestep, Tensor audio)
    {
        int channels = (int)program.Step.Outputs[0].Shape[1].Value;
        Dictionary<string, Tensor> values = new(StringComparer.Ordinal)
        {
            ["sample"] = sample,
            [UNetValues.NoisyLatents] = Channels(sample, 0, channels),
            [UNetValues.Conditioning] = Channels(sample, channels, (int)sample.Shape[1] - channels),
            ["timestep"] = new Tensor(new[] { timestep }, 1),
            ["encoder_hidden_states"] = audio,
        };
        foreach (BuiltGraph? before in new[] { _schedule, _chunk })
        {
            foreach ((string name, Tensor value) in before is null ? [] : Run(before, values))
            {
                values[name] = value;
            }
        }

        return values;
    }

    private static BuiltGraph? Load(OnnxGraph? graph) => graph is null ? null : new BuiltGraph(graph);

    private static Dictionary<string, Tensor> Run(BuiltGraph graph, Dictionary<string, Tensor> values) =>
        graph.Run([.. graph.Engine.Inputs.Select(input => new NamedTensor(input.Name, values[input.Name]))]);

    private static Tensor Channels(Tensor sample, int first, int count)
    {
        int items = (int)sample.Shape[0], all = (int)sample.Shape[1], size = sample.Length / items / all;
        Tensor part = Tensor.Zeros(items, count, sample.Shape[2], sample.Shape[3], sample.Shape[4]);
        for (int i = 0; i < items; i++)
        {
            sample.Span.Slice(((i * all) + first) * size, count * size).CopyTo(part.Span[(i * count * size)..]);
        }

        return part;
    }
}
