using LatentSync.Kernels.Launching;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Denoising;

/// <summary>
/// The denoising loop of <see cref="ChunkDenoiser"/> on a device, which it does not leave: the network's input, guidance and the sampler's step are
/// kernels around the network, and one step of all of them is one captured graph per chunk length, launched again for each step; with step caching there is
/// another one for the steps between whole ones. The step's number stands in device memory, so that the graphs are the same for every step. What is written
/// when follows from the contract of the networks' inputs (<see cref="TensorContract.Changes"/>). Serves any number of jobs of the same sizes, one after
/// another, on one thread at a time: what it holds and what it has captured does not depend on a job's content.
/// </summary>
public sealed class DeviceChunkDenoiser : IDisposable
{
    // Steps that are enqueued ahead of the device: enough that it never waits for the host, few enough that a cancelled job ends soon.
    private const int StepsAhead = 3;

    private readonly DeviceUNetNetworks _unet;
    private readonly UNetRoles _roles;
    private readonly DeviceChunkLayout _layout;
    private readonly StepTableShape _shape;
    private readonly DeviceWork _work;
    private readonly DeviceChunkTensors _tensors;
    private readonly DeviceChunkBuffers _buffers;
    private readonly DeviceTimeTable? _timeTable;
    private readonly CudaEvent[] _reached = new CudaEvent[StepsAhead];
    private readonly StepSequences _steps;
    private DeviceStepTable? _table;
    private int _cacheInterval = 1;

    /// <summary>Allocates everything and prepares the networks for whole chunks.</summary>
    /// <param name="unet">The networks; they stay the caller's.</param>
    /// <param name="layout">Sizes of the chunks.</param>
    /// <param name="table">What the sampler of each job will need.</param>
    /// <param name="work">Where it runs.</param>
    /// <exception cref="LatentSyncException">The networks have inputs that this loop does not write, or there is not enough memory.</exception>
    public DeviceChunkDenoiser(DeviceUNetNetworks unet, DeviceChunkLayout layout, StepTableShape table, DeviceWork work)
    {
        ArgumentNullException.ThrowIfNull(unet);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(work);
        IReadOnlyList<string> handedOver = unet.HandedOver;
        _roles = UNetRoles.Of(unet.Inputs, [.. unet.Step.Outputs.Where(output => !handedOver.Contains(output.Name))], layout.Channels);
        (_unet, _layout, _shape, _work) = (unet, layout, table, work);
        _tensors = new DeviceChunkTensors(unet, _roles, layout);
        _steps = new StepSequences(work.Stream, layout.MaxFrames, Prepare);
        _buffers = new DeviceChunkBuffers(layout, _roles, _tensors.Items, table, _tensors.HandedOver(layout.MaxFrames), work.Stream);
        try
        {
            _timeTable = unet.Schedule is { } schedule ? new DeviceTimeTable(schedule, _buffers.Timestep, table.StepCount, work) : null;

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

    /// <summary>The first item of the UNet's input with the conditioning: where an encoder puts masked and reference latents, <c>[channels,F,h,w]</c>.</summary>
    /// <param name="frames">F.</param>
    public DeviceView<float> Conditioning(int frames) => _buffers.Conditioning.View<float>(0, _layout.FeatureLength(_roles.Conditioning.InputChannels, frames));

    /// <summary>Channel of the first masked latent in <see cref="Conditioning"/>; the reference latents follow.</summary>
    public int FirstConditioningChannel => _roles.Conditioning.First + 1;

    /// <summary>Begins a job: uploads what is the same for all chunks.</summary>
    /// <param name="table">The sampler, with the guidance scale; of the shape that this object was made for.</param>
    /// <param name="mask"><c>[h,w]</c>, the mask over the latents.</param>
    /// <param name="noise"><c>[C,h,w]</c>, the job's one noise draw.</param>
    /// <param name="cacheInterval">Step caching: every so many steps, a chunk's first included, the whole network runs; 1 is none.</param>
    /// <exception cref="ArgumentException">The table has another shape, or step caching is asked for and the networks have no shallow step.</exception>
    /// <exception cref="LatentSyncException">The device fails.</exception>
    public void BeginJob(DeviceStepTable table, Tensor mask, Tensor noise, int cacheInterval = 1)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentOutOfRangeException.ThrowIfLessThan(cacheInterval, 1);
        if (cacheInterval > 1 && _unet.ShallowStep is null)
        {
            throw new ArgumentException("step caching needs networks with a shallow step", nameof(cacheInterval));
        }

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

        if (_timeTable is not null)
        {
            _work.Scratch.Provide();
            _timeTable.Fill(_buffers.Table);
        }

        (_table, _cacheInterval) = (table, cacheInterval);
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
        ChunkSteps steps = _steps.Of(frames);
        _work.Scratch.Provide();
        Begin(frames, audio, audioOffset, table.InitNoiseSigma);
        steps.Chunk?.Enqueue(_work.Stream);
        for (int i = 0; i < table.StepCount; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i >= StepsAhead)
            {
                _reached[i % StepsAhead].Synchronize();
                onStep?.Invoke(i - StepsAhead + 1);
            }

            long before = Launches();
            steps.Of(i, _cacheInterval).Run();
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

        _timeTable?.Dispose();
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
        bool hasSilentItem = _tensors.Items == 2;
        if (hasSilentItem)
        {
            long offset = (long)first * sizeof(float), size = (long)_layout.FeatureLength(place.Count, frames) * sizeof(float);
            stream.Copy(_buffers.Conditioning, offset, _buffers.Conditioning, conditioning.SizeInBytes + offset, size);
            stream.Fill(_buffers.Audio, 0, audioSize, 0);
        }

        stream.Upload(audio, audioOffset, _buffers.Audio, hasSilentItem ? audioSize : 0, audioSize);
    }

    private ChunkSteps Prepare(int frames)
    {
        IReadOnlyDictionary<string, DeviceTensor> tensors = _tensors.Of(frames, _buffers, _timeTable);
        List<IDeviceExecution> executions = [];
        try
        {
            IDeviceExecution? chunk = _unet.Chunk is { } network ? Prepare(network) : null;
            CapturedSequence whole = Capture(_unet.Step);
            return new ChunkSteps(whole, _unet.ShallowStep is { } shallow ? Capture(shallow) : null, chunk, executions);
        }
        catch
        {
            executions.ForEach(execution => execution.Dispose());
            throw;
        }

        IDeviceExecution Prepare(IDeviceNetwork network)
        {
            executions.Add(network.Prepare(DeviceChunkTensors.For(network, tensors), _work.Stream, _work.Scratch));
            return executions[^1];
        }

        CapturedSequence Capture(IDeviceNetwork network)
        {
            IDeviceExecution execution = Prepare(network);
            return new CapturedSequence(_work.Stream, () => EnqueueStep(execution, frames), _work.Warn);
        }
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
            _tensors.Items,
            _layout.FeatureLength(_roles.NoisyLatents.InputChannels, frames));
        _timeTable?.Take(step);
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
