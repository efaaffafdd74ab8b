using LatentSync.Kernels.Launching;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Latents;

/// <summary>
/// The VAE's encoder in device memory: both pictures of a frame in one run, the posterior's means into the UNet's input. Serves one thread at a time.
/// </summary>
public sealed class DeviceVaeEncoder : IDisposable
{
    private const string OutputName = "latent_mean";
    private const int LatentScale = 8;
    private const int Pictures = 2;

    private readonly DeviceWork _work;
    private readonly float _scale;
    private readonly float _shift;
    private readonly DeviceBuffer _pixels;
    private readonly List<DeviceBuffer> _outputs = [];
    private readonly IDeviceExecution _execution;
    private readonly CapturedSequence _sequence;
    private readonly DeviceView<float> _means;

    /// <summary>Prepares the network for faces of one size.</summary>
    /// <param name="network">Contract: <c>sample</c> <c>[N,3,R,R]</c> in -1..1 to <c>latent_mean</c> <c>[N,C,R/8,R/8]</c>; other outputs have the same shape.</param>
    /// <param name="resolution">Face resolution R in pixels.</param>
    /// <param name="scalingFactor">The VAE's <c>scaling_factor</c>.</param>
    /// <param name="shiftFactor">The VAE's <c>shift_factor</c>, taken off before scaling.</param>
    /// <param name="work">Where it runs.</param>
    /// <exception cref="LatentSyncException">The network does not take this size, or there is not enough memory.</exception>
    public DeviceVaeEncoder(IDeviceNetwork network, int resolution, double scalingFactor, double shiftFactor, DeviceWork work)
    {
        (_work, _scale, _shift) = (work, (float)scalingFactor, (float)shiftFactor);
        int side = resolution / LatentScale;
        PictureLength = 3L * resolution * resolution;
        Plane = side * side;
        try
        {
            _pixels = work.Stream.Allocate(Pictures * PictureLength * sizeof(float));
            List<DeviceTensor> tensors = [new(network.Inputs[0].Name, [Pictures, 3, resolution, resolution], _pixels.View<float>())];
            foreach (TensorContract output in network.Outputs)
            {
                long[] shape = [Pictures, output.Shape[1], side, side];
                DeviceBuffer buffer = work.Stream.Allocate(shape.Aggregate(1L, (product, extent) => product * extent) * sizeof(float));
                _outputs.Add(buffer);
                tensors.Add(new DeviceTensor(output.Name, shape, buffer.View<float>()));
            }

            DeviceTensor means = tensors.First(tensor => tensor.Name == OutputName);
            (_means, Channels) = (means.Data, (int)means.Shape[1]);
            _execution = network.Prepare(tensors, work.Stream, work.Scratch);
            _sequence = new CapturedSequence(work.Stream, () => _execution.Enqueue(work.Stream), work.Warn);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Latent channels C.</summary>
    public int Channels { get; }

    /// <summary>Values of a latent plane, <c>(R/8)^2</c>.</summary>
    public int Plane { get; }

    /// <summary>Where the masked face goes before <see cref="Encode"/>, <c>[3,R,R]</c>, -1..1.</summary>
    public DeviceView<float> MaskedPixels => _pixels.View<float>(0, PictureLength);

    /// <summary>Where the whole face goes before <see cref="Encode"/>, <c>[3,R,R]</c>, -1..1.</summary>
    public DeviceView<float> Pixels => _pixels.View<float>(PictureLength * sizeof(float), PictureLength);

    private long PictureLength { get; }

    /// <summary>Keeps the whole face for later; enqueued.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="offset">First byte there.</param>
    public void CopyPixelsTo(DeviceBuffer destination, long offset)
    {
        long size = PictureLength * sizeof(float);
        _work.Stream.Copy(_pixels, size, destination, offset, size);
    }

    /// <summary>Encodes both pictures and puts their scaled latents into a chunk: masked latents, then reference latents.</summary>
    /// <param name="item">Receives: one item of the UNet's input, <c>[channels,F,R/8,R/8]</c>.</param>
    /// <param name="firstChannel">Channel of the first masked latent; the reference latents follow the masked ones.</param>
    /// <param name="frame">Frame in the chunk.</param>
    /// <param name="frames">F.</param>
    /// <exception cref="LatentSyncException">The network fails.</exception>
    public void Encode(DeviceView<float> item, int firstChannel, int frame, int frames)
    {
        _work.Scratch.Provide();
        _sequence.Run();
        Place(_means, _shift, _scale, item, firstChannel, frame, frames);
    }

    /// <summary>Puts latents that were encoded and scaled before into a chunk, as <see cref="Encode"/> does with new ones; enqueued.</summary>
    /// <param name="latents">Masked latents, then reference latents, <c>[2,C,R/8,R/8]</c>.</param>
    /// <param name="item">Receives: one item of the UNet's input, <c>[channels,F,R/8,R/8]</c>.</param>
    /// <param name="firstChannel">Channel of the first masked latent; the reference latents follow the masked ones.</param>
    /// <param name="frame">Frame in the chunk.</param>
    /// <param name="frames">F.</param>
    /// <exception cref="LatentSyncException">The device fails.</exception>
    public void Place(DeviceView<float> latents, DeviceView<float> item, int firstChannel, int frame, int frames) =>
        Place(latents, shift: 0, scale: 1, item, firstChannel, frame, frames);

    private void Place(DeviceView<float> latents, float shift, float scale, DeviceView<float> item, int firstChannel, int frame, int frames)
    {
        long length = (long)Channels * Plane;
        for (int picture = 0; picture < Pictures; picture++)
        {
            _work.Launcher.PlaceLatents(
                latents.Slice(picture * length, length), item, firstChannel + (picture * Channels), frame, frames, Plane, shift, scale);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sequence?.Dispose();
        _execution?.Dispose();
        _outputs.ForEach(output => output.Dispose());
        _pixels?.Dispose();
    }
}
