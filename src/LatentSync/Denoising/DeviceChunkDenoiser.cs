using LatentSync.Kernels.Launching;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Denoising;

/// <summary>
/// The denoising loop of <see cref="ChunkDenoiser"/> on a device, which it does not leave: the network's input, guidance and the sampler's step are
/// kernels around the network, and one step of all of them is one captured graph per chunk length, launched again for each step. The step's number
/// stands in device memory, so that the graph is the same for every step. Serves one thread at a time.
/// </summary>
public sealed class DeviceChunkDenoiser : IDisposable
{
    // Steps that are enqueued ahead of the device: enough that it never waits for the host, few enough that a cancelled job ends soon.
    private const int StepsAhead = 3;

    private readonly IDeviceNetwork _unet;
    private readonly DeviceChunkLayout _layout;
    private readonly DeviceStepTable _table;
    private readonly DeviceWork _work;
    private readonly DeviceChunkBuffers _buffers;
    private readonly CudaEvent[] _reached = new CudaEvent[StepsAhead];
    private readonly Dictionary<int, (IDeviceExecution Execution, CapturedSequence Step)> _byFrames = [];

    /// <summary>Prepares a job: allocates everything and uploads what is the same for all chunks.</summary>
    /// <param name="unet">The network; contract as <see cref="ChunkDenoiser"/>'s.</param>
    /// <param name="layout">Sizes of the chunks.</param>
    /// <param name="table">The sampler, with the guidance scale.</param>
    /// <param name="mask"><c>[h,w]</c>, the mask over the latents.</param>
    /// <param name="noise"><c>[C,h,w]</c>, the job's one noise draw.</param>
    /// <param name="work">Where it runs.</param>
    /// <exception cref="LatentSyncException">The network has inputs that are not known, or there is not enough memory.</exception>
    public DeviceChunkDenoiser(IDeviceNetwork unet, DeviceChunkLayout layout, DeviceStepTable table, Tensor mask, Tensor noise, DeviceWork work)
    {
        UNetTensors.Check(unet.Inputs, unet.Outputs);
        (_unet, _layout, _table, _work) = (unet, layout, table, work);
        _buffers = new DeviceChunkBuffers(layout, table, work.Stream);
        try
        {
            UploadConstants(mask, noise);

            // The longest chunk needs the most scratch memory: known before any is given out.
            SequenceFor(layout.MaxFrames);
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

    /// <summary>The unguided item of the UNet's input for a chunk: where an encoder puts masked and reference latents, <c>[3C+1,F,h,w]</c>.</summary>
    /// <param name="frames">F.</param>
    public DeviceView<float> Conditioning(int frames) => _buffers.Sample.View<float>(0, _layout.ItemLength(frames));

    /// <summary>Channel of the first masked latent in <see cref="Conditioning"/>; the reference latents follow.</summary>
    public int FirstConditioningChannel => _layout.Channels + 1;

    /// <summary>Denoises a chunk whose conditioning is in place, or is enqueued on the same stream. Waits for all but the last few steps.</summary>
    /// <param name="frames">F.</param>
    /// <param name="audio">Page-locked host memory with the audio windows, <c>[F,S,D]</c>; must stay as it is until the stream has copied it.</param>
    /// <param name="audioOffset">First byte of the windows.</param>
    /// <param name="onStep">Called with the number of steps that are done.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>Final latents, <c>[C,F,h,w]</c>, scaled; valid until the next chunk's.</returns>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    public DeviceView<float> Denoise(int frames, PinnedBuffer audio, long audioOffset, Action<int>? onStep, CancellationToken cancellationToken)
    {
        CapturedSequence step = SequenceFor(frames);
        _work.Scratch.Provide();
        Begin(frames, audio, audioOffset);
        for (int i = 0; i < _table.StepCount; i++)
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
        foreach ((IDeviceExecution execution, CapturedSequence step) in _byFrames.Values)
        {
            step.Dispose();
            execution.Dispose();
        }

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

    private void UploadConstants(Tensor mask, Tensor noise)
    {
        CudaStream stream = _work.Stream;
        stream.UploadAndWait<float>(mask.Span, _buffers.Mask);
        stream.UploadAndWait<float>(noise.Span, _buffers.InitialNoise);
        stream.UploadAndWait(_table.Values, _buffers.Table);
        if (_buffers.StepNoise is { } stepNoise)
        {
            float[] draws = new float[_table.StepCount * _layout.Channels * _layout.Plane];
            _table.WriteNoise(draws);
            stream.UploadAndWait<float>(draws, stepNoise);
        }
    }

    // What changes from chunk to chunk, all before the first step: the windows, the mask's place and the constant channels of the second half.
    private void Begin(int frames, PinnedBuffer audio, long audioOffset)
    {
        CudaStream stream = _work.Stream;
        long audioSize = (long)_layout.AudioLength(frames) * sizeof(float), itemSize = (long)_layout.ItemLength(frames) * sizeof(float);
        long noisySize = (long)_layout.LatentLength(frames) * sizeof(float);
        stream.Fill(_buffers.Step, 0, sizeof(int), 0);
        _work.Launcher.RepeatNoise(
            _buffers.InitialNoise.View<float>(), _buffers.Latents.View<float>(0, _layout.LatentLength(frames)), frames, _layout.Plane, _table.InitNoiseSigma);
        _work.Launcher.RepeatNoise(
            _buffers.Mask.View<float>(), Conditioning(frames).Slice(_layout.LatentLength(frames), frames * _layout.Plane), frames, _layout.Plane, sigma: 1);
        if (_layout.IsGuided)
        {
            stream.Copy(_buffers.Sample, noisySize, _buffers.Sample, itemSize + noisySize, itemSize - noisySize);
            stream.Fill(_buffers.Audio, 0, audioSize, 0);
        }

        stream.Upload(audio, audioOffset, _buffers.Audio, _layout.IsGuided ? audioSize : 0, audioSize);
    }

    private CapturedSequence SequenceFor(int frames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, _layout.MaxFrames);
        if (!_byFrames.TryGetValue(frames, out (IDeviceExecution Execution, CapturedSequence Step) prepared))
        {
            IDeviceExecution execution = _unet.Prepare(Tensors(frames), _work.Stream, _work.Scratch);
            prepared = (execution, new CapturedSequence(_work.Stream, () => EnqueueStep(execution, frames), _work.Warn));
            _byFrames.Add(frames, prepared);
        }

        return prepared.Step;
    }

    private DeviceTensor[] Tensors(int frames)
    {
        int halves = _layout.Halves;
        long[] sample = [halves, _layout.InputChannels, frames, _layout.Height, _layout.Width];
        long[] output = [halves, _layout.Channels, frames, _layout.Height, _layout.Width];
        long[] audio = [(long)halves * frames, _layout.AudioTokens, _layout.AudioState];
        return
        [
            new(UNetTensors.Sample, sample, _buffers.Sample.View<float>(0, (long)halves * _layout.ItemLength(frames))),
            new(UNetTensors.Timestep, [1], _buffers.Timestep.View<float>()),
            new(UNetTensors.EncoderHiddenStates, audio, _buffers.Audio.View<float>(0, (long)halves * _layout.AudioLength(frames))),
            new(UNetTensors.Output, output, _buffers.Output.View<float>(0, (long)halves * _layout.LatentLength(frames))),
        ];
    }

    private void EnqueueStep(IDeviceExecution network, int frames)
    {
        DeviceView<int> step = _buffers.Step.View<int>();
        DeviceView<float> table = _buffers.Table.View<float>();
        int length = _layout.LatentLength(frames);
        DeviceView<float> latents = _buffers.Latents.View<float>(0, length);
        _work.Launcher.BeginStep(
            latents, _buffers.Sample.View<float>(), _buffers.Timestep.View<float>(), table, step, _layout.Halves, _layout.ItemLength(frames));
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
