using LatentSync.Models.Graphs;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>What the networks of the loop on a device read and write: a name, a shape and a place for each, for chunks of any length.</summary>
/// <param name="unet">The networks.</param>
/// <param name="roles">Their inputs and output.</param>
/// <param name="layout">Sizes of the chunks.</param>
internal sealed class DeviceChunkTensors(DeviceUNetNetworks unet, UNetRoles roles, DeviceChunkLayout layout)
{
    /// <summary>Items of the inputs for one chunk: both halves of guidance, or one for both where the networks share it.</summary>
    public int Items { get; } = unet.SharesGuidance ? 1 : layout.Halves;

    /// <summary>Values of what one network gives to another, by name.</summary>
    /// <param name="frames">F.</param>
    /// <exception cref="LatentSyncException">A shape is not known.</exception>
    public IReadOnlyDictionary<string, long> HandedOver(int frames) =>
        HandedOverShapes(frames).ToDictionary(value => value.Key, value => value.Value.Aggregate(1L, (product, extent) => product * extent), StringComparer.Ordinal);

    /// <summary>Everything that a network reads and writes in chunks of a length.</summary>
    /// <param name="frames">F.</param>
    /// <param name="buffers">The memory.</param>
    /// <param name="timeTable">The steps' time table; null if they take the timestep.</param>
    public IReadOnlyDictionary<string, DeviceTensor> Of(int frames, DeviceChunkBuffers buffers, DeviceTimeTable? timeTable)
    {
        Dictionary<string, DeviceTensor> tensors = new(StringComparer.Ordinal);
        Add(Feature(roles.NoisyLatents.Input, Items, roles.NoisyLatents.InputChannels, buffers.Noisy.View<float>()));
        Add(Feature(roles.Conditioning.Input, Items, roles.Conditioning.InputChannels, buffers.Conditioning.View<float>()));
        Add(Feature(roles.Output, layout.Halves, layout.Channels, buffers.Output.View<float>()));
        Add(new DeviceTensor(roles.Timestep, [1], buffers.Timestep.View<float>(0, 1)));
        Add(new DeviceTensor(
            roles.Speech, [(long)Items * frames, layout.AudioTokens, layout.AudioState], buffers.Audio.View<float>(0, (long)Items * layout.AudioLength(frames))));
        foreach ((string name, IReadOnlyList<long> shape) in HandedOverShapes(frames))
        {
            DeviceTensor whole = new(name, shape, buffers.HandedOver[name].View<float>());
            Add(whole with { Data = whole.Data.Slice(0, whole.Length) });
        }

        if (timeTable is not null)
        {
            Add(timeTable.Row);
        }

        return tensors;

        // Noisy latents and conditioning may be one input.
        void Add(DeviceTensor tensor) => tensors.TryAdd(tensor.Name, tensor);

        DeviceTensor Feature(string name, int items, int channels, DeviceView<float> data) =>
            new(name, [items, channels, frames, layout.Height, layout.Width], data.Slice(0, (long)items * layout.FeatureLength(channels, frames)));
    }

    /// <summary>The tensors of one network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tensors">Those of all of them.</param>
    /// <exception cref="LatentSyncException">One is not among them.</exception>
    public static IReadOnlyList<DeviceTensor> For(IDeviceNetwork network, IReadOnlyDictionary<string, DeviceTensor> tensors) =>
    [
        .. network.Inputs.Concat(network.Outputs).Select(contract => tensors.TryGetValue(contract.Name, out DeviceTensor? tensor)
            ? tensor
            : throw new LatentSyncException(LatentSyncError.Model, $"the UNet has a tensor '{contract.Name}' that a GPU job does not know; import the checkpoints again with this version")),
    ];

    private IReadOnlyDictionary<string, IReadOnlyList<long>> HandedOverShapes(int frames)
    {
        if (unet.HandedOver is not { Count: > 0 } names)
        {
            return new Dictionary<string, IReadOnlyList<long>>();
        }

        IReadOnlyDictionary<string, IReadOnlyList<long>>? shapes = unet.Shapes?.Invoke(new UNetExtents(Items, frames, layout.Height, layout.Width, layout.AudioTokens));
        return names.ToDictionary(
            name => name,
            name => shapes?.GetValueOrDefault(name) ?? throw new LatentSyncException(LatentSyncError.Model, $"the shape of the UNet's '{name}' is not known; import the checkpoints again with this version"),
            StringComparer.Ordinal);
    }
}
