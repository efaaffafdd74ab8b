using LatentSync.Runtime;

namespace LatentSync.Audio;

/// <summary>
/// Runs Whisper's encoder over a log-mel spectrogram in segments of 30 s. Graph contract: input <c>mel</c> <c>[N,80,3000]</c>, output <c>hidden_states</c>
/// <c>[N,1500,n_layer+1,n_state]</c>: the input to the first block, then every block's output, before <c>ln_post</c>; both float32.
/// </summary>
/// <remarks>Not safe for use from several threads at a time.</remarks>
public sealed class WhisperFeatureExtractor
{
    /// <summary>The graph input's name.</summary>
    public const string InputName = "mel";

    /// <summary>The graph output's name.</summary>
    public const string OutputName = "hidden_states";

    private readonly IInferenceEngine _engine;
    private readonly Tensor _mel = Tensor.Zeros(1, AudioFormat.MelBands, AudioFormat.SegmentColumns);
    private readonly Tensor _hiddenStates;

    /// <summary>Checks the graph's contract and allocates one segment's input and output.</summary>
    /// <param name="engine">The encoder; stays the caller's.</param>
    /// <exception cref="LatentSyncException">The graph has other inputs, outputs or shapes.</exception>
    public WhisperFeatureExtractor(IInferenceEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        TensorContract? input = engine.Inputs.SingleOrDefault(contract => contract.Name == InputName);
        TensorContract? output = engine.Outputs.SingleOrDefault(contract => contract.Name == OutputName);
        if (engine.Inputs.Count != 1 || !Fits(input, [1, AudioFormat.MelBands, AudioFormat.SegmentColumns])
            || !Fits(output, [1, AudioFormat.SegmentRows, -1, -1]) || output!.Shape[2] < 1 || output.Shape[3] < 1)
        {
            throw new LatentSyncException(
                LatentSyncError.Model, $"the Whisper graph does not map {InputName} [N,80,3000] to {OutputName} [N,1500,layers,state]; import the checkpoints again with 'latentsync models import'");
        }

        LayerCount = checked((int)output.Shape[2]);
        State = checked((int)output.Shape[3]);
        _hiddenStates = Tensor.Zeros(1, AudioFormat.SegmentRows, LayerCount, State);
    }

    /// <summary>Layers of a feature row: the encoder's blocks and the input to the first.</summary>
    public int LayerCount { get; }

    /// <summary>Width of the encoder.</summary>
    public int State { get; }

    /// <summary>Feature rows of a recording: half of its mel columns, rounded down.</summary>
    /// <param name="mel">The recording's spectrogram.</param>
    public static long RowCount(LogMelSpectrogram mel)
    {
        ArgumentNullException.ThrowIfNull(mel);

        // Segments are of even length, so only the last can lose half a row.
        return mel.ColumnCount / 2;
    }

    /// <summary>Encodes up to 30 s; the recording's last segment is filled up with zeros, and only the rows of real columns are kept.</summary>
    /// <param name="mel">The recording's spectrogram.</param>
    /// <param name="firstColumn">Where the segment begins, a multiple of <see cref="AudioFormat.SegmentColumns"/>.</param>
    /// <param name="cancellationToken">Stops the network itself.</param>
    /// <returns>Rows <c>[n, LayerCount, State]</c>; the memory is used again for the next segment.</returns>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public ReadOnlyMemory<float> EncodeSegment(LogMelSpectrogram mel, long firstColumn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mel);
        int columns = (int)Math.Min(AudioFormat.SegmentColumns, mel.ColumnCount - firstColumn);
        _mel.Span.Clear();
        mel.Read(firstColumn, columns, _mel.Span, AudioFormat.SegmentColumns);
        _engine.Run([new NamedTensor(InputName, _mel)], [new NamedTensor(OutputName, _hiddenStates)], cancellationToken);
        return _hiddenStates.Data[..(columns / 2 * LayerCount * State)];
    }

    private static bool Fits(TensorContract? contract, ReadOnlySpan<long> shape)
    {
        if (contract is null || contract.Shape.Count != shape.Length)
        {
            return false;
        }

        for (int i = 0; i < shape.Length; i++)
        {
            if (contract.Shape[i] >= 0 && shape[i] >= 0 && contract.Shape[i] != shape[i])
            {
                return false;
            }
        }

        return true;
    }
}
