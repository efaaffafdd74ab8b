using LatentSync.Models.Graphs;
using LatentSync.Models.Rewrites;
using LatentSync.Runtime;

namespace LatentSync.Denoising;

/// <summary>
/// The UNet on a device as the networks that its steps run, each as <see cref="UNetProgram"/> describes it; what one gives goes into the next under the same
/// name and never leaves the device. The plain network alone will do.
/// </summary>
/// <param name="Step">A whole step; with step caching its second output is what <see cref="ShallowStep"/> takes over.</param>
/// <param name="Inputs">What the caller writes, marked by how often (<see cref="TensorContract.Changes"/>).</param>
public sealed record DeviceUNetNetworks(IDeviceNetwork Step, IReadOnlyList<TensorContract> Inputs)
{
    /// <summary>From the timestep to a row of the steps' time table; null if they take the timestep.</summary>
    public IDeviceNetwork? Schedule { get; init; }

    /// <summary>Computes what is constant over a chunk; null if the steps take speech and conditioning.</summary>
    public IDeviceNetwork? Chunk { get; init; }

    /// <summary>A step that takes over deep features of a whole one; null without step caching.</summary>
    public IDeviceNetwork? ShallowStep { get; init; }

    /// <summary>Whether one chunk in gives both halves of guidance, silent first.</summary>
    public bool SharesGuidance { get; init; }

    /// <summary>The shapes of what one network gives to another, by name; null where there is one network alone.</summary>
    public Func<UNetExtents, IReadOnlyDictionary<string, IReadOnlyList<long>>>? Shapes { get; init; }

    /// <summary>All that are there.</summary>
    internal IEnumerable<IDeviceNetwork> All => new[] { Step, Schedule, Chunk, ShallowStep }.OfType<IDeviceNetwork>();

    /// <summary>The names of what networks before a step give to it, the row of the time table not among them.</summary>
    internal IReadOnlyList<string> HandedOver =>
    [
        .. Chunk?.Outputs.Select(output => output.Name) ?? [],
        .. Step.Outputs.Select(output => output.Name).Where(name => ShallowStep?.Inputs.Any(input => input.Name == name) == true),
    ];
}
