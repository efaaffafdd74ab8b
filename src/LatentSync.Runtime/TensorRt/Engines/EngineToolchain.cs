using LatentSync.Runtime.Exceptions;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>Everything that building engines takes: what running them takes, and TensorRT's ONNX parser.</summary>
public sealed class EngineToolchain : IDisposable
{
    private readonly TensorRtMachine _machine;

    private EngineToolchain(TensorRtMachine machine)
    {
        _machine = machine;
        PlanBuilder = new NativePlanBuilder(machine.TensorRt, machine.Device, machine.Target);
    }

    /// <summary>What engines of this machine are tied to.</summary>
    public EngineTarget Target => _machine.Target;

    /// <summary>TensorRT's builder.</summary>
    public IPlanBuilder PlanBuilder { get; }

    /// <summary>Opens all of it.</summary>
    /// <param name="ordinal">The GPU, by the driver's number.</param>
    /// <exception cref="LatentSyncException">Something is missing; the message names it, what was tried, and the fix.</exception>
    public static EngineToolchain Open(int ordinal = 0)
    {
        TensorRtMachine machine = TensorRtMachine.Open(ordinal);
        try
        {
            TensorRtLibrary tensorRt = machine.TensorRt;
            return tensorRt.OnnxParserFailure is { } failure
                ? throw new VendorLibraryMissingException($"{failure}; install TensorRT's ONNX parser of version {tensorRt.Version} beside {tensorRt.LibraryPath}")
                : new EngineToolchain(machine);
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _machine.Dispose();
}
