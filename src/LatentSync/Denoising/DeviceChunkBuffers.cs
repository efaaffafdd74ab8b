using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Denoising;

/// <summary>
/// The denoising loop's device memory: allocated once for the longest chunk. A shorter chunk uses the beginning of each buffer, so that addresses
/// stay the same and only a chunk's length decides which graph is launched.
/// </summary>
internal sealed class DeviceChunkBuffers : IDisposable
{
    private readonly List<DeviceBuffer> _owned = [];

    /// <param name="layout">Sizes of the chunks.</param>
    /// <param name="roles">The networks' inputs and output.</param>
    /// <param name="items">Items of the inputs for one chunk: 2 where the networks are given both halves of guidance, else 1.</param>
    /// <param name="table">What the sampler needs.</param>
    /// <param name="handedOver">Values of what one network gives to another in the longest chunk, by name.</param>
    /// <param name="stream">Where it is allocated.</param>
    public DeviceChunkBuffers(
        DeviceChunkLayout layout, UNetRoles roles, int items, StepTableShape table, IReadOnlyDictionary<string, long> handedOver, CudaStream stream)
    {
        int frames = layout.MaxFrames, length = layout.LatentLength(frames);
        try
        {
            Noisy = Own(stream, (long)items * layout.FeatureLength(roles.NoisyLatents.InputChannels, frames));
            Conditioning = roles.Conditioning.Input == roles.NoisyLatents.Input
                ? Noisy
                : Own(stream, (long)items * layout.FeatureLength(roles.Conditioning.InputChannels, frames));
            Audio = Own(stream, (long)items * layout.AudioLength(frames));
            Output = Own(stream, (long)layout.Halves * length);
            Latents = Own(stream, length);
            Timestep = Own(stream, 1);
            Step = Own(stream, 1);
            Mask = Own(stream, layout.Plane);
            InitialNoise = Own(stream, (long)layout.Channels * layout.Plane);
            Table = Own(stream, (long)table.StepCount * StepTableLayout.Stride);
            Predictions = table.KeepsPredictions ? Own(stream, (long)StepTableLayout.RingLength * length) : null;
            Start = table.KeepsStart ? Own(stream, length) : null;
            StepNoise = table.NeedsNoise ? Own(stream, (long)table.StepCount * layout.Channels * layout.Plane) : null;
            HandedOver = handedOver.ToDictionary(value => value.Key, value => Own(stream, value.Value), StringComparer.Ordinal);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The input with the noisy latents, <c>[items,channels,F,h,w]</c>.</summary>
    public DeviceBuffer Noisy { get; }

    /// <summary>The input with the conditioning, <c>[items,channels,F,h,w]</c>; the same one where the network has one for both.</summary>
    public DeviceBuffer Conditioning { get; }

    /// <summary><c>[items*F,S,D]</c>, of two items the silent one first.</summary>
    public DeviceBuffer Audio { get; }

    /// <summary><c>[halves,C,F,h,w]</c>.</summary>
    public DeviceBuffer Output { get; }

    /// <summary><c>[C,F,h,w]</c>.</summary>
    public DeviceBuffer Latents { get; }

    /// <summary><c>[1]</c>.</summary>
    public DeviceBuffer Timestep { get; }

    /// <summary>int32 <c>[1]</c>.</summary>
    public DeviceBuffer Step { get; }

    /// <summary><c>[h,w]</c>.</summary>
    public DeviceBuffer Mask { get; }

    /// <summary><c>[C,h,w]</c>.</summary>
    public DeviceBuffer InitialNoise { get; }

    /// <summary><c>[steps,StepTableLayout.Stride]</c>.</summary>
    public DeviceBuffer Table { get; }

    /// <summary><c>[StepTableLayout.RingLength,C,F,h,w]</c>; null where no step keeps predictions.</summary>
    public DeviceBuffer? Predictions { get; }

    /// <summary><c>[C,F,h,w]</c>; null where no step keeps its start.</summary>
    public DeviceBuffer? Start { get; }

    /// <summary><c>[steps,C,h,w]</c>; null where no step adds noise.</summary>
    public DeviceBuffer? StepNoise { get; }

    /// <summary>What one network gives to another, by name: constants of a chunk, features that are reused.</summary>
    public IReadOnlyDictionary<string, DeviceBuffer> HandedOver { get; }

    /// <summary>A buffer's elements; an empty view of a buffer that is not needed.</summary>
    public static DeviceView<float> View(DeviceBuffer? buffer) => buffer?.View<float>() ?? default;

    public void Dispose() => _owned.ForEach(buffer => buffer.Dispose());

    // Every element is four bytes, the step's index too.
    private DeviceBuffer Own(CudaStream stream, long count)
    {
        DeviceBuffer buffer = stream.Allocate(count * sizeof(float));
        _owned.Add(buffer);
        return buffer;
    }
}
