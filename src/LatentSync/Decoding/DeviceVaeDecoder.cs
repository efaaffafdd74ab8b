using LatentSync.Kernels.Launching;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Decoding;

/// <summary>The VAE's decoder in device memory, a frame at a time. Serves one thread at a time.</summary>
public sealed class DeviceVaeDecoder : IDisposable
{
    private const int LatentScale = 8;

    private readonly DeviceWork _work;
    private readonly float _scale;
    private readonly float _shift;
    private readonly int _plane;
    private readonly DeviceBuffer _latents;
    private readonly DeviceBuffer _picture;
    private readonly IDeviceExecution _execution;
    private readonly CapturedSequence _sequence;

    /// <summary>Prepares the network for faces of one size.</summary>
    /// <param name="network">Contract: <c>latent_sample</c> <c>[N,C,R/8,R/8]</c>, unscaled, to <c>sample</c> <c>[N,3,R,R]</c>.</param>
    /// <param name="resolution">Face resolution R in pixels.</param>
    /// <param name="scalingFactor">The VAE's <c>scaling_factor</c>.</param>
    /// <param name="shiftFactor">The VAE's <c>shift_factor</c>.</param>
    /// <param name="work">Where it runs.</param>
    /// <exception cref="LatentSyncException">The network does not take this size, or there is not enough memory.</exception>
    public DeviceVaeDecoder(IDeviceNetwork network, int resolution, double scalingFactor, double shiftFactor, DeviceWork work)
    {
        (_work, _scale, _shift) = (work, (float)scalingFactor, (float)shiftFactor);
        int side = resolution / LatentScale;
        _plane = side * side;
        try
        {
            long channels = network.Inputs[0].Shape[1];
            _latents = work.Stream.Allocate(channels * _plane * sizeof(float));
            _picture = work.Stream.Allocate(3L * resolution * resolution * sizeof(float));
            _execution = network.Prepare(
                [
                    new DeviceTensor(network.Inputs[0].Name, [1, channels, side, side], _latents.View<float>()),
                    new DeviceTensor(network.Outputs[0].Name, [1, 3, resolution, resolution], _picture.View<float>()),
                ],
                work.Stream,
                work.Scratch);
            _sequence = new CapturedSequence(work.Stream, () => _execution.Enqueue(work.Stream), work.Warn);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Decodes one frame of a chunk.</summary>
    /// <param name="latents"><c>[C,F,R/8,R/8]</c>, scaled as the UNet sees them.</param>
    /// <param name="frame">Frame in the chunk.</param>
    /// <param name="frames">F.</param>
    /// <returns>The picture, <c>[3,R,R]</c>, about -1..1, not clamped; valid until the next call.</returns>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    public DeviceView<float> Decode(DeviceView<float> latents, int frame, int frames)
    {
        _work.Launcher.TakeLatents(latents, _latents.View<float>(), frame, frames, _plane, _shift, _scale);
        _work.Scratch.Provide();
        _sequence.Run();
        return _picture.View<float>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sequence?.Dispose();
        _execution?.Dispose();
        _picture?.Dispose();
        _latents?.Dispose();
    }
}
