namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>What an engine is tied to: it runs nowhere else.</summary>
/// <param name="TensorRt">TensorRT's version, three numbers.</param>
/// <param name="Gpu">The GPU's product name.</param>
/// <param name="ComputeCapability">Its architecture, 8.6 for sm_86.</param>
/// <param name="Driver">The newest CUDA version that the driver serves.</param>
/// <param name="DriverRelease">The driver's release, 570.86.10 for example, or <c>unknown</c>.</param>
public sealed record EngineTarget(Version TensorRt, string Gpu, Version ComputeCapability, Version Driver, string DriverRelease)
{
    /// <summary>Why an engine for this does not run on another target; null if it does.</summary>
    /// <param name="machine">What is here.</param>
    public string? MismatchWith(EngineTarget machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        string[] differences =
        [
            .. Difference("TensorRT", TensorRt, machine.TensorRt),
            .. Difference("GPU", Gpu, machine.Gpu),
            .. Difference("compute capability", ComputeCapability, machine.ComputeCapability),
            .. Difference("driver for CUDA", Driver, machine.Driver),
            .. Difference("driver", DriverRelease, machine.DriverRelease),
        ];
        return differences.Length == 0 ? null : string.Join(", ", differences);
    }

    /// <inheritdoc/>
    public override string ToString() => $"TensorRT {TensorRt}, {Gpu} (compute capability {ComputeCapability}), driver {DriverRelease} for CUDA {Driver}";

    private static string[] Difference<T>(string what, T wanted, T here)
        where T : IEquatable<T> => wanted.Equals(here) ? [] : [$"{what} {wanted} where this machine has {here}"];
}
