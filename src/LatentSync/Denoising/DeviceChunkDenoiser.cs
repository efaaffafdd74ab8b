using LatentSync.Kernels.Launching;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Denoising;

/// <summary>
/// The denoising loop of <see cref="ChunkDenoiser"/> on a device, which it does not leave: the network's input, guidance and the sampler's step are
/// kernels around the network, and one step of all of them is one captured graph per chunk length, launched again for each step. The step's number
/// stands in device memory, so that the graph is the same for every step. What is written when follows from the contract of the network's inputs
/// (<see cref="TensorContract.Changes"/>). Serves any number of jobs of the same sizes, one after another, on one thread at a time: what it holds and what it
/// has captured does not depend on a job's content.
/// </summary>
public sealed class DeviceChunkDenoiser : IDisposable
{
    // Steps that are enqueued ahead of the device: enough that it never waits for the host, few enough that a cancelled job ends soon.
    private const int StepsAhead = 3;

    private readonly IDeviceNetwork _unet;
    private readonly UNetRoles _roles;
    private readonly DeviceChunkLayout _layout;
    private readonly StepTableShape _shape;
    private readonly DeviceWork _work;
    private readonly DeviceChunkBuffers _buffers;
    private readonly CudaEvent[] _reached = new CudaEvent[StepsAhead];
    private readonly StepSequences _steps;
    private DeviceStepTable? _table;

    /// <summary>Allocates everything and prepares the network for whole chunks.</summary>
    /// <param name="unet">The network.</param>
    /// <param name="inputs">Its inputs as the pack marks them.</param>
    /// <param name="layout">Sizes of the chunks.</param>
    /// <param name="table">What the sampler of each job will need.</param>
    /// <param name="work">Where it runs.</param>
    /// <exception cref="LatentSyncException">The network has inputs that this loop does not write, or there is not enough memory.</exception>
    public DeviceChunkDenoiser(
        IDeviceNetwork unet, IReadOnlyList<TensorContract> inputs, DeviceChunkLayout layout, StepTableShape table, DeviceWork work)
    {
        _roles = UNetRoles.Of(inputs, unet.Outputs, layout.Channels);
        (_unet, _layout, _shape, _work) = (unet, layout, table, work);
        _steps = new StepSequences(work.Stream, layout.MaxFrames, Prepare);
        _buffers = new DeviceChunkBuffers(layout, _roles, table, work.Stream);
        try
        {
            // The longest chunk needs the most scratch memory: known before any is given out.
            _steps.Of(layout.MaxFrames);
            for (int i = 0; i < StepsAhead; i++)
            {
                _reached[i] = work.Stream.Device.CreateEvent();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Launches that the latest step took, graphs, kernels and networks alike: 1 where it is captured.</summary>
    public int LaunchesPerStep { get; private set; }

    /// <summary>The unguided item of the UNet's input with the conditioning: where an encoder puts masked and reference latents, <c>[channels,F,h,w]</c>.</summary>
    /// <param name="frames">F.</param>
    public DeviceView<float> Conditioning(int frames) => _buffers.Conditioning.View<float>(0, _layout.FeatureLength(_roles.Conditioning.InputChannels, frames));

    /// <summary>Channel of the first masked latent in <see cref="Conditioning"/>; the reference latents follow.</summary>
    public int FirstConditioningChannel => _roles.Conditioning.First + 1;

    /// <summary>Begins a job: uploads what is the same for all chunks.</summary>
    /// <param name="table">The sampler, with the guidance scale; of the shape that this object was made for.</param>
    /// <param name="mask"><c>[h,w]</c>, the mask over the latents.</param>
    /// <param name="noise"><c>[C,h,w]</c>, the job's one noise draw.</param>
    /// <exception cref="ArgumentException">The table has another shape.</exception>
    /// <exception cref="LatentSyncException">The device fails.</exception>
    public void BeginJob(DeviceStepTable table, Tensor mask, Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Shape != _shape)
        {
            throw new ArgumentException($"a table of {table.Shape} where one of {_shape} was prepared for", nameof(table));
        }

        CudaStream stream = _work.Stream;
        stream.UploadAndWait<float>(mask.Span, _buffers.Mask);
        stream.UploadAndWait<float>(noise.Span, _buffers.InitialNoise);
        stream.UploadAndWait(table.Values, _buffers.Table);
        if (_buffers.StepNoise is { } stepNoise)
        {
            float[] draws = new float[table.StepCount * _layout.Channels * _layout.Plane];
            table.WriteNoise(draws);
            stream.UploadAndWait<float>(draws, stepNoise);
        }

        _table = table;
    }

    /// <summary>Denoises a chunk whose conditioning is in place, or is enqueued on the same stream. Waits for all but the last few steps.</summary>
    /// <param name="frames">F.</param>
    /// <param name="audio">Page-locked host memory with the audio windows, <c>[F,S,D]</c>; must stay as it is until the stream has copied it.</param>
    /// <param name="audioOffset">First byte of the windows.</param>
    /// <param name="onStep">Called with the number of steps that are done.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>Final latents, <c>[C,F,h,w]</c>, scaled; valid until the next chunk's.</returns>
    /// <exception cref="InvalidOperationException">No job was begun.</exception>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    public DeviceView<float> Denoise(int frames, PinnedBuffer audio, long audioOffset, Action<int>? onStep, CancellationToken cancellationToken)
    {
        DeviceStepTable table = _table ?? throw new InvalidOperationException("no job was begun");
        CapturedSequence step = _steps.Of(frames);
        _work.Scratch.Provide();
        Begin(frames, audio, audioOffset, table.InitNoiseSigma);
        for (int i = 0; i < table.StepCount; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i >= StepsAhead)
            {
                _reached[i % StepsAhead].Synchronize();
                onStep?.Invoke(i - StepsAhead + 1);
            }

            long before = Launches();
            step.Run();
            LaunchesPerStep = (int)(Launches() - before);
            _reached[i % StepsAhead].Record(_work.Stream);
        }

        return _buffers.Latents.View<float>(0, _layout.LatentLength(frames));
    }

    /// <summary>Waits for a chunk's final latents and copies them to the host.</summary>
    /// <param name="frames">F.</param>
    /// <returns><c>[C,F,h,w]</c>, scaled.</returns>
    /// <exception cref="LatentSyncException">Something that was enqueued failed.</exception>
    public float[] ReadLatents(int frames)
    {
        float[] values = new float[_layout.LatentLength(frames)];
        _work.Stream.DownloadAndWait<float>(_buffers.Latents, values);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _steps.Dispose();
        foreach (CudaEvent? reached in _reached)
        {
            reached?.Dispose();
        }

        _buffers.Dispose();
    }

    private long Launches()
    {
        CudaCounters counters = _work.Stream.Device.Counters;
        return counters.GraphLaunches + counters.KernelLaunches + counters.EngineEnqueues;
    }

    // What changes from chunk to chunk, all before the first step: the windows, the mask's place and the constant channels of the second half.
    private void Begin(int frames, PinnedBuffer audio, long audioOffset, float sigma)
    {
        CudaStream stream = _work.Stream;
        UNetPlace place = _roles.Conditioning;
        DeviceView<float> conditioning = Conditioning(frames);
        int first = _layout.FeatureLength(place.First, frames);
        stream.Fill(_buffers.Step, 0, sizeof(int), 0);
        _work.Launcher.RepeatNoise(
            _buffers.InitialNoise.View<float>(), _buffers.Latents.View<float>(0, _layout.LatentLength(frames)), frames, _layout.Plane, sigma);
        _work.Launcher.RepeatNoise(_buffers.Mask.View<float>(), conditioning.Slice(first, frames * _layout.Plane), frames, _layout.Plane, sigma: 1);
        long audioSize = (long)_layout.AudioLength(frames) * sizeof(float);
        if (_layout.IsGuided)
        {
            long offset = (long)first * sizeof(float), size = (long)_layout.FeatureLength(place.Count, frames) * sizeof(float);
            stream.Copy(_buffers.Conditioning, offset, _buffers.Conditioning, conditioning.SizeInBytes + offset, size);
            stream.Fill(_buffers.Audio, 0, audioSize, 0);
        }

        stream.Upload(audio, audioOffset, _buffers.Audio, _layout.IsGuided ? audioSize : 0, audioSize);
    }

    private (IDeviceExecution Execution, CapturedSequence Step) Prepare(int frames)
    {
        IDeviceExecution execution = _unet.Prepare(Tensors(frames), _work.Stream, _work.Scratch);
        return (execution, new CapturedSequence(_work.Stream, () => EnqueueStep(execution, frames), _work.Warn));
    }

    private DeviceTensor[] Tensors(int frames)
    {
        long[] audio = [(long)_layout.Halves * frames, _layout.AudioTokens, _layout.AudioState];
        List<DeviceTensor> tensors =
        [
            Feature(_roles.NoisyLatents.Input, _roles.NoisyLatents.InputChannels, _buffers.Noisy),
            new(_roles.Timestep, [1], _buffers.Timestep.View<float>()),
            new(_roles.Speech, audio, _buffers.Audio.View<float>(0, (long)_layout.Halves * _layout.AudioLength(frames))),
            Feature(_roles.Output, _layout.Channels, _buffers.Output),
        ];
        if (_buffers.Conditioning != _buffers.Noisy)
        {
            tensors.Add(Feature(_roles.Conditioning.Input, _roles.Conditioning.InputChannels, _buffers.Conditioning));
        }

        return [.. tensors];

        DeviceTensor Feature(string name, int channels, DeviceBuffer buffer) => new(
            name, [_layout.Halves, channels, frames, _layout.Height, _layout.Width], buffer.View<float>(0, (long)_layout.Halves * _layout.FeatureLength(channels, frames)));
    }

    private void EnqueueStep(IDeviceExecution network, int frames)
    {
        DeviceView<int> step = _buffers.Step.View<int>();
        DeviceView<float> table = _buffers.Table.View<float>();
        int length = _layout.LatentLength(frames);
        DeviceView<float> latents = _buffers.Latents.View<float>(0, length);
        _work.Launcher.BeginStep(
            latents,
            _buffers.Noisy.View<float>(),
            _buffers.Timestep.View<float>(),
            table,
            step,
            _layout.Halves,
            _layout.FeatureLength(_roles.NoisyLatents.InputChannels, frames));
        network.Enqueue(_work.Stream);
        _work.Launcher.LinearStep(
            _buffers.Output.View<float>(),
            latents,
            DeviceChunkBuffers.View(_buffers.Predictions),
            DeviceChunkBuffers.View(_buffers.Start),
            DeviceChunkBuffers.View(_buffers.StepNoise),
            table,
            step,
            _layout.Halves,
            length,
            frames,
            _layout.Plane);
        _work.Launcher.AdvanceStep(step);
    }
}
