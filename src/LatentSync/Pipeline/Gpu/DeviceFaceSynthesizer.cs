using System.Collections.Concurrent;
using LatentSync.Audio;
using LatentSync.Denoising;
using LatentSync.Kernels;
using LatentSync.Kernels.Launching;
using LatentSync.Latents;
using LatentSync.Models.Packs;
using LatentSync.Pipeline.Prepared;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;
using LatentSync.Video;

namespace LatentSync.Pipeline.Gpu;

/// <summary>
/// Faces on a GPU: a frame goes up as decoded and comes down composited, and everything between stays on the device, on one stream. The host enqueues a
/// chunk while the device still works on the one before; copies run beside on streams of their own.
/// </summary>
internal sealed class DeviceFaceSynthesizer : IFaceSynthesizer
{
    // One that is computed, one whose frames come down or go up.
    private const int SlotCount = 2;

    private readonly LipSyncOptions _options;
    private readonly AudioFeatures _audio;
    private readonly IPreparedFaces _faces;
    private readonly StageClock _clock;
    private readonly FaceTables _tables;
    private readonly BlockingCollection<DeviceChunkSlot> _free = [];
    private readonly List<IDisposable> _owned = [];
    private readonly List<CudaStream> _streams = [];
    private readonly PreparedNetworks _prepared;
    private readonly FaceSequences _sequences;
    private readonly DeviceBuffer _mask;
    private readonly DeviceBuffer _pixels;
    private readonly DeviceBuffer _scratch;
    private readonly DeviceBuffer _latents;
    private readonly SoftMaskPlan _plan = new();
    private readonly int _pictureLength;

    /// <summary>Allocates everything that a job needs on the device.</summary>
    public DeviceFaceSynthesizer(
        DeviceEngines engines, LoadedUNet unet, ModelPack pack, VideoInfo video, LipSyncOptions options, DeviceStepTable table, MouthMask mask, Tensor noise, AudioFeatures audio, IPreparedFaces faces, StageClock clock, Action<string> warn)
    {
        (_options, _audio, _faces, _clock) = (options, audio, faces, clock);
        int resolution = mask.Resolution;
        _tables = new FaceTables(resolution, video.Width, video.Height);
        _pictureLength = 3 * resolution * resolution;
        try
        {
            CudaStream compute = engines.Compute;
            Own(engines.Log.Follow(warn));
            engines.Device.ResetCounters();
            _streams.Add(compute);
            int frames = pack.Config.NumFrames;
            PreparedShapes shapes = new(resolution, frames, audio.WindowRows, audio.State, options.GuidanceScale > 1, unet.Form, table.Shape);
            _prepared = engines.Prepared.Take(shapes, () => new PreparedNetworks(engines, unet.Networks, pack, shapes));
            _owned.Add(new Loan(engines.Prepared, _prepared));
            _prepared.Denoiser.BeginJob(table, mask.Latent, noise, options.CacheInterval);
            _mask = Own(compute.Allocate((long)mask.Pixels.Length * sizeof(float)));
            compute.UploadAndWait(mask.Pixels, _mask);
            _pixels = Own(compute.Allocate((long)frames * _pictureLength * sizeof(float)));
            _sequences = CreateSequences(compute);
            _scratch = Own(compute.Allocate(Math.Max(_sequences.AlignScratchInBytes, _sequences.CompositeScratchInBytes)));
            DeviceFaceMemory memory = new(
                RgbImage.SizeInBytes(video.Width, video.Height),
                frames,
                _prepared.Layout.AudioLength(frames) * sizeof(float),
                new FaceRecordLayout(resolution, _prepared.Layout.Channels).LatentsSize,
                CreateStream(engines.Device),
                CreateStream(engines.Device));
            _latents = Own(compute.Allocate(memory.LatentsSizeInBytes));
            for (int i = 0; i < SlotCount; i++)
            {
                _free.Add(Own(new DeviceChunkSlot(memory, compute)));
            }
        }
        catch
        {
            _prepared?.Spoil();
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public GpuUse? Gpu => new(Work.Stream.Device.Memory.UsedHighInBytes, _prepared.Denoiser.LaunchesPerStep, Work.Stream.Device.Counters.Captures);

    /// <inheritdoc/>
    public string? Warning => _prepared.Warning;

    private DeviceWork Work => _prepared.Work;

    /// <inheritdoc/>
    public long EncoderRunCount { get; private set; }

    /// <summary>Those on the device and one that is assembled.</summary>
    public int ChunksAtWork => SlotCount + 1;

    /// <summary>Nothing: the device cuts.</summary>
    public RgbImage? Cut(VideoFrame frame, AffineTransform frameToCrop) => null;

    /// <inheritdoc/>
    public void Start(StageGroup stages, SynthesisQueues queues) => stages.Start(token => SynthesisStage.Run(queues, Synthesize, token));

    // At most two groups may be undisposed at a time: one that is computed, one whose frames come down.
    private ISyncedGroup Synthesize(IReadOnlyList<JobFrame> group, long emitted, Action<LipSyncStage, double> onWork, CancellationToken cancellationToken)
    {
        try
        {
            return Enqueue(group, emitted, onWork, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _prepared.Spoil();
            throw;
        }
    }

    private DeviceSyncedGroup Enqueue(IReadOnlyList<JobFrame> group, long emitted, Action<LipSyncStage, double> onWork, CancellationToken cancellationToken)
    {
        DeviceChunkSlot slot = _free.Take(cancellationToken);
        FillAudio(group, slot.Audio, cancellationToken);
        using StageClock.Running running = _clock.Time(LipSyncStage.Denoising);
        Encode(group, slot);
        double stepShare = group.Count / (double)_options.Steps;
        DeviceView<float> latents = _prepared.Denoiser.Denoise(
            group.Count, slot.Host, slot.AudioOffset, step => onWork(LipSyncStage.Denoising, step * stepShare), cancellationToken);
        if (_options.Observer is { } observer)
        {
            Show(group, observer);
        }

        for (int f = 0; f < group.Count && group[f].Index < emitted; f++)
        {
            PutBack(group[f], f, group.Count, latents, slot);
            slot.Download(f, Work.Stream);
        }

        return new DeviceSyncedGroup(group, slot, _clock, () => Release(slot));
    }

    // Every emitted frame was waited for; a group past the speech's end has none, and its upload may be under way.
    private void Release(DeviceChunkSlot slot)
    {
        slot.WaitForUploads();
        _free.Add(slot);
    }

    /// <summary>Waits for what is enqueued and gives everything back; the networks, with what is captured of them, are the next job's.</summary>
    public void Dispose()
    {
        // A cancelled job leaves steps and copies under way: what they use must outlive them.
        WaitForAll();
        for (int i = _owned.Count - 1; i >= 0; i--)
        {
            _owned[i].Dispose();
        }

        _owned.Clear();
        _free.Dispose();
    }

    private void WaitForAll()
    {
        foreach (CudaStream stream in _streams)
        {
            try
            {
                stream.Synchronize();
            }
            catch (LatentSyncException)
            {
                // Work that failed was told of where it was waited for; a lost device runs nothing any more.
                _prepared?.Spoil();
            }
        }
    }

    private void Encode(IReadOnlyList<JobFrame> group, DeviceChunkSlot slot)
    {
        DeviceView<float> conditioning = _prepared.Denoiser.Conditioning(group.Count);
        for (int f = 0; f < group.Count; f++)
        {
            slot.Upload(f, group[f].Frame.Image, Work.Stream);
            _sequences.Align(
                Work.Launcher, slot.Frame(f), group[f].Transform!.Value, _mask.View<float>(), _prepared.Encoder.Pixels, _prepared.Encoder.MaskedPixels, _scratch.View<byte>());
            long size = (long)_pictureLength * sizeof(float);
            _prepared.Encoder.CopyPixelsTo(_pixels, f * size);
            if (_faces.TryReadLatents(group[f].Frame.SourceIndex, slot.Latents(f)))
            {
                Place(slot, f, group.Count, conditioning);
                continue;
            }

            EncoderRunCount++;
            _prepared.Encoder.Encode(conditioning, _prepared.Denoiser.FirstConditioningChannel, f, group.Count);
        }
    }

    // In the compute stream's order: a frame's latents are read before the next ones arrive.
    private void Place(DeviceChunkSlot slot, int index, int frames, DeviceView<float> conditioning)
    {
        Work.Stream.Upload(slot.Host, slot.LatentsOffset(index), _latents, 0, _latents.SizeInBytes);
        _prepared.Encoder.Place(_latents.View<float>(), conditioning, _prepared.Denoiser.FirstConditioningChannel, index, frames);
    }

    private void PutBack(JobFrame frame, int index, int frames, DeviceView<float> latents, DeviceChunkSlot slot)
    {
        DeviceView<float> face = _prepared.Decoder.Decode(latents, index, frames);
        Work.Launcher.KeepOriginal(_pixels.View<float>((long)index * _pictureLength * sizeof(float), _pictureLength), _mask.View<float>(), face, _pictureLength / 3);
        _plan.Update(_tables.FrameWidth, _tables.FrameHeight, _tables.CropWidth, _tables.CropHeight, frame.Transform!.Value);
        _sequences.Composite(Work.Launcher, slot.Frame(index), _plan, face, _scratch.View<byte>());
    }

    private void FillAudio(IReadOnlyList<JobFrame> group, Span<float> windows, CancellationToken cancellationToken)
    {
        int length = _audio.WindowLength;
        for (int f = 0; f < group.Count; f++)
        {
            _audio.CopyWindow(group[f].Index, _options.FrameRate.Value, windows.Slice(f * length, length), cancellationToken);
        }
    }

    // Only for those who look on: the latents come down in the chunk's order, [C,F,h,w], and are shown frame by frame.
    private void Show(IReadOnlyList<JobFrame> group, ILipSyncObserver observer)
    {
        float[] values = _prepared.Denoiser.ReadLatents(group.Count);
        int frames = group.Count, channels = _prepared.Layout.Channels, plane = _prepared.Layout.Plane, side = _prepared.Layout.Width;
        Tensor frame = Tensor.Zeros(channels, side, side);
        for (int f = 0; f < frames; f++)
        {
            for (int c = 0; c < channels; c++)
            {
                values.AsSpan(((c * frames) + f) * plane, plane).CopyTo(frame.Span[(c * plane)..]);
            }

            observer.OnLatents(group[f].Index, frame);
        }
    }

    private FaceSequences CreateSequences(CudaStream compute)
    {
        byte[] bytes = new byte[_tables.SizeInBytes];
        _tables.WriteTo(bytes);
        DeviceBuffer uploaded = Own(compute.Allocate(bytes.Length));
        compute.UploadAndWait<byte>(bytes, uploaded);
        return new FaceSequences(_tables, uploaded.View<byte>());
    }

    private CudaStream CreateStream(CudaDevice device)
    {
        _streams.Add(Own(device.CreateStream()));
        return _streams[^1];
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Networks that go back when everything made after them is gone.</summary>
    private sealed record Loan(PreparedNetworksCache Cache, PreparedNetworks Networks) : IDisposable
    {
        public void Dispose() => Cache.Return(Networks);
    }
}
