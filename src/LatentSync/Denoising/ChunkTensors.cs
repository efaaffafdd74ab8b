using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// Everything the UNet's networks read and write for chunks of one size, allocated once. What changes how often is in the methods: <see cref="BeginChunks"/>,
/// <see cref="SetStep"/> and <see cref="NoisyLatents"/>. Channel order of the original: noisy latents, mask, masked latents, reference latents.
/// </summary>
internal sealed class ChunkTensors
{
    private readonly int _items;
    private readonly int _halves;
    private readonly Tensor? _sample;
    private readonly Tensor _noisyLatents;
    private readonly Tensor _conditioning;
    private readonly Tensor _speech;
    private readonly float[] _timestep = new float[1];
    private readonly Dictionary<string, Tensor> _values = new(StringComparer.Ordinal);
    private readonly NetworkBinding? _chunk;
    private readonly NetworkBinding _step;
    private readonly NetworkBinding? _shallow;

    /// <param name="unet">The networks.</param>
    /// <param name="chunks">Chunks of the size in question.</param>
    /// <param name="noise"><c>[C,h,w]</c>.</param>
    /// <param name="guided">Whether predictions for silence are wanted.</param>
    public ChunkTensors(UNetNetworks unet, IReadOnlyList<FaceChunk> chunks, Tensor noise, bool guided)
    {
        FaceChunk chunk = chunks[0];
        _items = chunks.Count;
        (Channels, Frames, Height, Width) = ((int)noise.Shape[0], chunk.FrameCount, (int)noise.Shape[1], (int)noise.Shape[2]);
        Rows = chunk.EncoderHiddenStates.Shape.ToArray();

        // The caller's halves are two of everything; those that the network shares are one.
        _halves = guided && !unet.SharesGuidance ? 2 : 1;
        int batch = _halves * _items;
        HashSet<string> read = [.. unet.All.SelectMany(network => network.Inputs).Select(input => input.Name)];
        _noisyLatents = Add(UNetValues.NoisyLatents, batch, Channels, Frames, Height, Width);
        _conditioning = Add(UNetValues.Conditioning, batch, (2 * Channels) + 1, Frames, Height, Width);
        _sample = read.Contains(UNetValues.Sample) ? Add(UNetValues.Sample, batch, (3 * Channels) + 1, Frames, Height, Width) : null;
        _speech = Add(UNetValues.EncoderHiddenStates, batch * Rows[0], Rows[1], Rows[2]);
        _values.Add(UNetValues.Timestep, new Tensor(_timestep, 1));
        Output = Tensor.Zeros((guided ? 2 : 1) * _items, Channels, Frames, Height, Width);
        _values.Add(UNetValues.OutSample, Output);
        _chunk = Bind(unet.Chunk);
        _step = Bind(unet.Step)!;
        _shallow = Bind(unet.ShallowStep);
    }

    public int Channels { get; }

    public int Frames { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary>The predictions, <c>[B,C,F,h,w]</c>, those for silence first.</summary>
    public Tensor Output { get; }

    /// <summary>Elements of one chunk's latents.</summary>
    public int LatentLength => Channels * Frames * Height * Width;

    private long[] Rows { get; }

    /// <summary>Whether these tensors are of the right size for some chunks.</summary>
    public bool Fit(IReadOnlyList<FaceChunk> chunks) =>
        chunks.Count == _items && chunks.All(chunk => chunk.FrameCount == Frames && chunk.EncoderHiddenStates.Shape.SequenceEqual(Rows));

    /// <summary>Puts the chunks' conditioning and speech in place and computes what follows from them.</summary>
    public void BeginChunks(IReadOnlyList<FaceChunk> chunks, CancellationToken cancellationToken)
    {
        int conditioning = _conditioning.Length / _halves, speech = _speech.Length / _halves, item = conditioning / _items, words = speech / _items;
        for (int i = 0; i < _items; i++)
        {
            Fill(chunks[i], _conditioning.Span.Slice(i * item, item));
            chunks[i].EncoderHiddenStates.Span.CopyTo(_speech.Span[(((_halves - 1) * speech) + (i * words))..]);
        }

        if (_halves == 2)
        {
            _conditioning.Span[..conditioning].CopyTo(_conditioning.Span[conditioning..]);
        }

        for (int i = 0; i < _halves * _items && _sample is not null; i++)
        {
            _conditioning.Span.Slice(i * item, item).CopyTo(_sample.Span[((i * (LatentLength + item)) + LatentLength)..]);
        }

        _chunk?.Run(cancellationToken);
    }

    /// <summary>Tells the steps which one comes: its timestep, or its row of the time table.</summary>
    public void SetStep(float timestep, ReadOnlySpan<float> timeTable)
    {
        _timestep[0] = timestep;
        if (!timeTable.IsEmpty)
        {
            if (!_values.TryGetValue(UNetValues.TimeTable, out Tensor? table))
            {
                table = Add(UNetValues.TimeTable, 1, timeTable.Length);
            }

            timeTable.CopyTo(table.Span);
        }
    }

    /// <summary>One chunk's place for its noisy latents, <c>[C,F,h,w]</c>.</summary>
    public Span<float> NoisyLatents(int item) => _noisyLatents.Span.Slice(item * LatentLength, LatentLength);

    /// <summary>Runs a step on the noisy latents into <see cref="Output"/>.</summary>
    /// <param name="whole">Whether the whole network runs, or its shallow part on the features of the last whole step.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public void Run(bool whole, CancellationToken cancellationToken)
    {
        Span<float> noisy = _noisyLatents.Span;
        if (_halves == 2)
        {
            noisy[..(noisy.Length / 2)].CopyTo(noisy[(noisy.Length / 2)..]);
        }

        int item = _sample is null ? 0 : _sample.Length / _halves / _items;
        for (int i = 0; i < _halves * _items && _sample is not null; i++)
        {
            noisy.Slice(i * LatentLength, LatentLength).CopyTo(_sample.Span[(i * item)..]);
        }

        (whole ? _step : _shallow!).Run(cancellationToken);
    }

    private NetworkBinding? Bind(IInferenceEngine? network) => network is null ? null : new NetworkBinding(network, _values);

    private Tensor Add(string name, params ReadOnlySpan<long> shape)
    {
        Tensor tensor = Tensor.Zeros(shape);
        _values.Add(name, tensor);
        return tensor;
    }

    // One item's [2C+1,F,h,w].
    private void Fill(FaceChunk chunk, Span<float> conditioning)
    {
        int plane = Height * Width, channel = Frames * plane;
        for (int f = 0; f < Frames; f++)
        {
            chunk.Mask.Span.CopyTo(conditioning[(f * plane)..]);
            for (int c = 0; c < Channels; c++)
            {
                int source = ((f * Channels) + c) * plane;
                chunk.MaskedLatents.Span.Slice(source, plane).CopyTo(conditioning[(((1 + c) * channel) + (f * plane))..]);
                chunk.ReferenceLatents.Span.Slice(source, plane).CopyTo(conditioning[(((1 + Channels + c) * channel) + (f * plane))..]);
            }
        }
    }
}
