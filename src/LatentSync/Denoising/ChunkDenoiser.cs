using LatentSync.Kernels;
using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// Runs the UNet over chunks for every step of a scheduler, with classifier-free guidance and step caching.
/// Not safe for several threads: it owns the schedulers' histories and the tensors.
/// </summary>
public sealed class ChunkDenoiser
{
    private readonly UNetNetworks _unet;
    private readonly IReadOnlyList<IScheduler> _schedulers;
    private readonly DenoisingOptions _options;
    private readonly IFaceKernels _kernels;
    private readonly bool _guided;
    private float[][]? _timeTable;
    private ChunkTensors? _tensors;
    private float[] _latents = [];

    /// <summary>Denoises chunks one at a time.</summary>
    /// <param name="unet">The UNet's networks.</param>
    /// <param name="scheduler">The sampler.</param>
    /// <param name="options">Guidance and step caching.</param>
    /// <param name="kernels">Computes guidance and step.</param>
    /// <exception cref="ArgumentException">Step caching is asked for, and the networks have no shallow step.</exception>
    public ChunkDenoiser(UNetNetworks unet, IScheduler scheduler, DenoisingOptions options, IFaceKernels kernels)
        : this(unet, [scheduler], options, kernels)
    {
    }

    /// <summary>Denoises several chunks at once, on the batch axis.</summary>
    /// <param name="unet">The UNet's networks.</param>
    /// <param name="schedulers">Samplers of the same steps, one for each chunk of a batch: a solver's history belongs to one chunk.</param>
    /// <param name="options">Guidance and step caching.</param>
    /// <param name="kernels">Computes guidance and step.</param>
    /// <exception cref="ArgumentException">There is no scheduler, or step caching is asked for and the networks have no shallow step.</exception>
    public ChunkDenoiser(UNetNetworks unet, IReadOnlyList<IScheduler> schedulers, DenoisingOptions options, IFaceKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(unet);
        ArgumentNullException.ThrowIfNull(schedulers);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(schedulers.Count);
        if (options.CacheInterval > 1 && unet.ShallowStep is null)
        {
            throw new ArgumentException("step caching needs networks with a shallow step", nameof(unet));
        }

        (_unet, _schedulers, _options, _kernels) = (unet, schedulers, options, kernels);
        _guided = options.GuidanceScale > 1;
    }

    /// <summary>Most chunks of one call.</summary>
    public int MaxChunks => _schedulers.Count;

    /// <summary>Denoises one chunk.</summary>
    /// <inheritdoc cref="Denoise(IReadOnlyList{FaceChunk}, Tensor, Action{int}?, CancellationToken)"/>
    /// <param name="chunk">Its conditioning.</param>
    /// <param name="noise"><c>[C,h,w]</c>, the job's one noise draw, repeated for every frame.</param>
    /// <param name="onStep">Called after each step with the number of steps done.</param>
    /// <param name="cancellationToken">Stops between and within steps.</param>
    /// <returns>Final latents, <c>[F,C,h,w]</c>, scaled.</returns>
    public Tensor Denoise(FaceChunk chunk, Tensor noise, Action<int>? onStep, CancellationToken cancellationToken) =>
        Denoise([chunk], noise, onStep, cancellationToken)[0];

    /// <summary>Denoises chunks of the same number of frames together.</summary>
    /// <param name="chunks">Their conditioning; at most <see cref="MaxChunks"/>.</param>
    /// <param name="noise"><c>[C,h,w]</c>, the job's one noise draw, repeated for every frame.</param>
    /// <param name="onStep">Called after each step with the number of steps done.</param>
    /// <param name="cancellationToken">Stops between and within steps.</param>
    /// <returns>Final latents of each, <c>[F,C,h,w]</c>, scaled.</returns>
    /// <exception cref="ArgumentException">There are too many chunks, or none, or they differ in size.</exception>
    /// <exception cref="LatentSyncException">A network fails.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public IReadOnlyList<Tensor> Denoise(IReadOnlyList<FaceChunk> chunks, Tensor noise, Action<int>? onStep, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        ArgumentNullException.ThrowIfNull(noise);
        if (chunks.Count == 0 || chunks.Count > MaxChunks || chunks.Any(chunk => chunk.FrameCount != chunks[0].FrameCount))
        {
            throw new ArgumentException($"{chunks.Count} chunks, or of several sizes: 1 to {MaxChunks} of the same size are denoised together", nameof(chunks));
        }

        ChunkTensors tensors = _tensors = _tensors?.Fit(chunks) == true ? _tensors : new ChunkTensors(_unet, chunks, noise, _guided);
        tensors.BeginChunks(chunks, cancellationToken);
        Begin(tensors, noise, chunks.Count);
        int length = tensors.LatentLength, steps = _schedulers[0].Timesteps.Count;
        for (int step = 0; step < steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            tensors.SetStep(_schedulers[0].Timesteps[step], TimeTableRow(step, cancellationToken));
            for (int i = 0; i < chunks.Count; i++)
            {
                _schedulers[i].ScaleModelInput(step, _latents.AsSpan(i * length, length), tensors.NoisyLatents(i));
            }

            tensors.Run(step % _options.CacheInterval == 0, cancellationToken);
            for (int i = 0; i < chunks.Count; i++)
            {
                Span<float> latents = _latents.AsSpan(i * length, length), first = tensors.Output.Span.Slice(i * length, length);
                if (_guided)
                {
                    GuidedStep(_schedulers[i], step, first, tensors.Output.Span.Slice((chunks.Count + i) * length, length), latents);
                }
                else
                {
                    Step(_schedulers[i], step, first, latents);
                }
            }

            onStep?.Invoke(step + 1);
        }

        return [.. Enumerable.Range(0, chunks.Count).Select(i => FramesFirst(_latents.AsSpan(i * length, length), tensors))];
    }

    // e = e0 + g * (e1 - e0): in one pass with the step where the step is linear, else as the combination (1 - g) * e0 + g * e1 before it.
    private void GuidedStep(IScheduler scheduler, int step, Span<float> silent, ReadOnlySpan<float> spoken, Span<float> latents)
    {
        float guidance = (float)_options.GuidanceScale;
        if (scheduler.TryGetLinearStep(step, out float sampleFactor, out float outputFactor))
        {
            _kernels.GuidedStep(silent, spoken, guidance, sampleFactor, outputFactor, latents);
            return;
        }

        _kernels.Step(spoken, (float)(1 - _options.GuidanceScale), guidance, silent);
        scheduler.Step(step, silent, latents);
    }

    private void Step(IScheduler scheduler, int step, ReadOnlySpan<float> output, Span<float> latents)
    {
        if (scheduler.TryGetLinearStep(step, out float sampleFactor, out float outputFactor))
        {
            _kernels.Step(output, sampleFactor, outputFactor, latents);
            return;
        }

        scheduler.Step(step, output, latents);
    }

    // Computed with the job's first chunk, for all of them.
    private ReadOnlySpan<float> TimeTableRow(int step, CancellationToken cancellationToken)
    {
        if (_unet.Schedule is not { } schedule)
        {
            return [];
        }

        _timeTable ??= [.. _schedulers[0].Timesteps.Select(timestep =>
            schedule.Run([new NamedTensor(UNetValues.Timestep, new Tensor(new[] { timestep }, 1))], cancellationToken)[0].Span.ToArray())];
        return _timeTable[step];
    }

    // [C,F,h,w] with the same noise in every frame, and no history, for each chunk.
    private void Begin(ChunkTensors tensors, Tensor noise, int count)
    {
        int plane = tensors.Height * tensors.Width, length = tensors.LatentLength;
        if (_latents.Length != count * length)
        {
            _latents = new float[count * length];
        }

        for (int i = 0; i < count; i++)
        {
            _schedulers[i].Reset();
            float sigma = (float)_schedulers[i].InitNoiseSigma;
            for (int channelAndFrame = 0; channelAndFrame < tensors.Channels * tensors.Frames; channelAndFrame++)
            {
                ReadOnlySpan<float> source = noise.Span.Slice(channelAndFrame / tensors.Frames * plane, plane);
                System.Numerics.Tensors.TensorPrimitives.Multiply(source, sigma, _latents.AsSpan((i * length) + (channelAndFrame * plane), plane));
            }
        }
    }

    private static Tensor FramesFirst(ReadOnlySpan<float> latents, ChunkTensors tensors)
    {
        Tensor result = Tensor.Zeros(tensors.Frames, tensors.Channels, tensors.Height, tensors.Width);
        int plane = tensors.Height * tensors.Width;
        for (int f = 0; f < tensors.Frames; f++)
        {
            for (int c = 0; c < tensors.Channels; c++)
            {
                latents.Slice(((c * tensors.Frames) + f) * plane, plane).CopyTo(result.Span.Slice(((f * tensors.Channels) + c) * plane, plane));
            }
        }

        return result;
    }
}
