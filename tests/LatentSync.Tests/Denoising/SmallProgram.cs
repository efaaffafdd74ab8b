using LatentSync.Denoising;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Tests.Denoising;

/// <summary>
/// A denoiser by formula as the networks of a program. Every prediction depends on the latents, on each channel of the conditioning, on the timestep and, but
/// for the silent half, on the frame's words; a shallow step's on latents, timestep and the deep features. All forms predict the same.
/// </summary>
/// <param name="isRewritten">Whether a schedule and a chunk network run beforehand, and one item gives both halves of guidance.</param>
/// <param name="isCached">Whether there is a shallow step.</param>
/// <param name="isGuided">Whether both halves are predicted.</param>
internal sealed class SmallProgram(bool isRewritten, bool isCached, bool isGuided)
{
    private const string Picture = "picture", Words = "words";
    private const int Channels = 4, Constant = (2 * Channels) + 1, Row = 3;

    private static readonly TensorContract
        s_noisy = new(UNetValues.NoisyLatents, "float", [-1, Channels, -1, -1, -1]) { Changes = InputChange.Step },
        s_conditioning = new(UNetValues.Conditioning, "float", [-1, Constant, -1, -1, -1]) { Changes = InputChange.Chunk },
        s_speech = new(UNetValues.EncoderHiddenStates, "float", [-1, -1, -1]) { Changes = InputChange.Chunk },
        s_timestep = new(UNetValues.Timestep, "float", [1]) { Changes = InputChange.Step },
        s_table = new(UNetValues.TimeTable, "float", [1, Row]),
        s_picture = new(Picture, "float", [-1, -1]),
        s_words = new(Words, "float", [-1, -1]),
        s_features = new(UNetValues.DeepFeatures, "float", [-1, Channels, -1, -1]),
        s_output = new(UNetValues.OutSample, "float", [-1, Channels, -1, -1, -1]);

    private readonly int _outputsPerItem = isRewritten && isGuided ? 2 : 1;

    /// <summary>What the caller writes.</summary>
    public static IReadOnlyList<TensorContract> Inputs { get; } = [s_noisy, s_conditioning, s_speech, s_timestep];

    public bool SharesGuidance => isRewritten && isGuided;

    public FormulaNetwork? Schedule => isRewritten ? new([s_timestep], [(s_table, static _ => [1, Row])], static values => FillRow(values)) : null;

    public FormulaNetwork? Chunk => isRewritten ? new([s_conditioning, s_speech], [(s_picture, Rows), (s_words, Rows)], static values => FillConstants(values, values[Picture], values[Words])) : null;

    public FormulaNetwork Step => new(
        [s_noisy, .. Constants, Time],
        isCached ? [(s_output, Output), (s_features, Features)] : [(s_output, Output)],
        values => Predict(values, (_, whole) => whole));

    public FormulaNetwork? ShallowStep => isCached
        ? new([s_noisy, Time, s_features], [(s_output, Output)], values => Predict(values, (i, _) => values[UNetValues.DeepFeatures].Span[i]))
        : null;

    private IEnumerable<TensorContract> Constants => isRewritten ? [s_picture, s_words] : [s_conditioning, s_speech];

    private TensorContract Time => isRewritten ? s_table : s_timestep;

    /// <summary>The networks in host memory.</summary>
    public UNetNetworks OnHost() => new(Step) { Schedule = Schedule, Chunk = Chunk, ShallowStep = ShallowStep, SharesGuidance = SharesGuidance };

    /// <summary>The shapes of what goes from one network to another.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes(UNetExtents extents) => new Dictionary<string, IReadOnlyList<long>>
    {
        [Picture] = [extents.Batch * extents.Frames, extents.Height * extents.Width],
        [Words] = [extents.Batch * extents.Frames, extents.Height * extents.Width],
        [UNetValues.DeepFeatures] = [_outputsPerItem * extents.Batch * extents.Frames, Channels, extents.Height, extents.Width],
    };

    private static long[] Rows(IReadOnlyDictionary<string, Tensor> values)
    {
        Tensor conditioning = values[UNetValues.Conditioning];
        return [conditioning.Shape[0] * conditioning.Shape[2], conditioning.Shape[3] * conditioning.Shape[4]];
    }

    private long[] Output(IReadOnlyDictionary<string, Tensor> values)
    {
        ReadOnlySpan<long> noisy = values[UNetValues.NoisyLatents].Shape;
        return [_outputsPerItem * noisy[0], .. noisy[1..]];
    }

    private long[] Features(IReadOnlyDictionary<string, Tensor> values)
    {
        long[] output = Output(values);
        return [output[0] * output[2], Channels, output[3], output[4]];
    }

    private static void FillRow(IReadOnlyDictionary<string, Tensor> values)
    {
        for (int i = 0; i < Row; i++)
        {
            values[UNetValues.TimeTable].Span[i] = values[UNetValues.Timestep].Span[0] / (10_000 * (i + 1));
        }
    }

    private static void FillConstants(IReadOnlyDictionary<string, Tensor> values, Tensor picture, Tensor words)
    {
        Tensor conditioning = values[UNetValues.Conditioning], speech = values[UNetValues.EncoderHiddenStates];
        int rows = (int)picture.Shape[0], plane = (int)picture.Shape[1], frames = (int)conditioning.Shape[2], length = speech.Length / rows;
        for (int i = 0; i < rows * plane; i++)
        {
            (int item, int frame, int pixel) = (i / plane / frames, i / plane % frames, i % plane);
            picture.Span[i] = 0;
            for (int c = 0; c < Constant; c++)
            {
                picture.Span[i] += (0.01f + (0.003f * c)) * conditioning.Span[(((((item * Constant) + c) * frames) + frame) * plane) + pixel];
            }

            words.Span[i] = speech.Span.Slice(i / plane * length, length)[pixel % length];
        }
    }

    private static float TimeOf(IReadOnlyDictionary<string, Tensor> values) => values.TryGetValue(UNetValues.TimeTable, out Tensor? row)
        ? row.Span[0] + row.Span[Row - 1]
        : (values[UNetValues.Timestep].Span[0] / 10_000) + (values[UNetValues.Timestep].Span[0] / (10_000 * Row));

    // The deep features are those of the output's elements in its own order; a whole step keeps them where they are wanted.
    private void Predict(IReadOnlyDictionary<string, Tensor> values, Func<int, float, float> deep)
    {
        Tensor output = values[UNetValues.OutSample], noisy = values[UNetValues.NoisyLatents];
        (Tensor? picture, Tensor? words) = (values.GetValueOrDefault(Picture), values.GetValueOrDefault(Words));
        if (values.ContainsKey(UNetValues.Conditioning))
        {
            (picture, words) = (Tensor.Zeros(Rows(values)), Tensor.Zeros(Rows(values)));
            FillConstants(values, picture, words);
        }

        int frames = (int)output.Shape[2], plane = (int)(output.Shape[3] * output.Shape[4]), item = Channels * frames * plane;
        float time = TimeOf(values);
        bool keeps = picture is not null && values.ContainsKey(UNetValues.DeepFeatures);
        for (int i = 0; i < output.Length; i++)
        {
            int source = i % noisy.Length, row = (source / item * frames) + (i / plane % frames), pixel = i % plane;
            float whole = 0;
            if (picture is not null)
            {
                whole = picture.Span[(row * plane) + pixel] + (SharesGuidance && i < noisy.Length ? 0 : words!.Span[(row * plane) + pixel]) + (0.1f * noisy.Span[source]);
            }

            if (keeps)
            {
                values[UNetValues.DeepFeatures].Span[i] = whole;
            }

            output.Span[i] = (0.5f * noisy.Span[source]) + time + deep(i, whole);
        }
    }
}
