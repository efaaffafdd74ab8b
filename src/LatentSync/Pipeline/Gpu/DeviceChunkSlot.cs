using LatentSync.Kernels;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Pipeline.Gpu;

/// <summary>
/// Memory for the frames of one chunk, on the device and page-locked on the host. A frame goes up once, as decoded, and comes down once, composited;
/// two slots let the copies of one chunk run while another is computed.
/// </summary>
internal sealed class DeviceChunkSlot : IDisposable
{
    private readonly DeviceFaceMemory _memory;
    private readonly CudaEvent[] _uploaded;
    private readonly CudaEvent[] _composited;
    private readonly CudaEvent[] _downloaded;
    private readonly DeviceBuffer _frames;
    private readonly PinnedBuffer _host;
    private readonly int _frameSize;

    public DeviceChunkSlot(DeviceFaceMemory memory, CudaStream compute)
    {
        _memory = memory;
        _frameSize = memory.FrameSizeInBytes;
        int frames = memory.MaxFrames;
        CudaDevice device = compute.Device;
        (_uploaded, _composited, _downloaded) = (new CudaEvent[frames], new CudaEvent[frames], new CudaEvent[frames]);
        try
        {
            _frames = compute.Allocate((long)frames * _frameSize);
            _host = device.CreatePinned(((long)frames * (_frameSize + memory.LatentsSizeInBytes)) + memory.AudioSizeInBytes);
            foreach (CudaEvent[] events in (CudaEvent[][])[_uploaded, _composited, _downloaded])
            {
                for (int i = 0; i < frames; i++)
                {
                    events[i] = device.CreateEvent();
                }
            }

            // Allocated in the order of the compute stream: the copies must not come before that.
            _composited[0].Record(compute);
            memory.CopyUp.Wait(_composited[0]);
            memory.CopyDown.Wait(_composited[0]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Host memory; the audio windows lie behind the frames.</summary>
    public PinnedBuffer Host => _host;

    /// <summary>First byte of the audio windows in <see cref="Host"/>.</summary>
    public long AudioOffset => (long)_memory.MaxFrames * _frameSize;

    /// <summary>The chunk's audio windows, to be filled before it is denoised.</summary>
    public Span<float> Audio => _host.Span<float>(AudioOffset, _memory.AudioSizeInBytes / sizeof(float));

    /// <summary>First byte of a frame's prepared latents in <see cref="Host"/>; they lie behind the audio windows.</summary>
    public long LatentsOffset(int index) => AudioOffset + _memory.AudioSizeInBytes + ((long)index * _memory.LatentsSizeInBytes);

    /// <summary>A frame's prepared latents, to be filled before it is denoised.</summary>
    public Span<float> Latents(int index) => _host.Span<float>(LatentsOffset(index), _memory.LatentsSizeInBytes / sizeof(float));

    /// <summary>A frame in device memory, <c>[H,W,3]</c>.</summary>
    public DeviceView<byte> Frame(int index) => _frames.View<byte>((long)index * _frameSize, _frameSize);

    /// <summary>Sends a decoded frame up and holds the compute stream until it is there.</summary>
    public void Upload(int index, RgbImage frame, CudaStream compute)
    {
        long offset = (long)index * _frameSize;
        frame.Span.CopyTo(_host.Span<byte>(offset, _frameSize));
        _memory.CopyUp.Upload(_host, offset, _frames, offset, _frameSize);
        _uploaded[index].Record(_memory.CopyUp);
        compute.Wait(_uploaded[index]);
    }

    /// <summary>Waits until every frame that was sent up has arrived: the host memory is free again.</summary>
    public void WaitForUploads()
    {
        foreach (CudaEvent uploaded in _uploaded)
        {
            uploaded.Synchronize();
        }
    }

    /// <summary>Sends a frame down once what is enqueued on the compute stream now is done.</summary>
    public void Download(int index, CudaStream compute)
    {
        long offset = (long)index * _frameSize;
        _composited[index].Record(compute);
        _memory.CopyDown.Wait(_composited[index]);
        _memory.CopyDown.Download(_frames, offset, _host, offset, _frameSize);
        _downloaded[index].Record(_memory.CopyDown);
    }

    /// <summary>Waits until a frame has come down and copies it into the decoder's.</summary>
    public void Receive(int index, RgbImage frame)
    {
        _downloaded[index].Synchronize();
        _host.Span<byte>((long)index * _frameSize, _frameSize).CopyTo(frame.Span);
    }

    public void Dispose()
    {
        foreach (CudaEvent? owned in (IEnumerable<CudaEvent?>)[.. _uploaded, .. _composited, .. _downloaded])
        {
            owned?.Dispose();
        }

        _host?.Dispose();
        _frames?.Dispose();
    }
}
