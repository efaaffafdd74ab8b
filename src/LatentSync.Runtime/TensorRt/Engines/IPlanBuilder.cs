using LatentSync.Runtime.Exceptions;

namespace LatentSync.Runtime.TensorRt.Engines;

/// <summary>Makes plans for one target. Serves one thread at a time.</summary>
public interface IPlanBuilder
{
    /// <summary>What its plans are tied to.</summary>
    EngineTarget Target { get; }

    /// <summary>Builds a plan; blocks for seconds to many minutes.</summary>
    /// <param name="request">What to build.</param>
    /// <param name="progress">Told of TensorRT's steps, on threads of its own; may be null.</param>
    /// <param name="log">Receives what TensorRT says, on threads of its own; may be null.</param>
    /// <param name="cancellationToken">Stops the build itself.</param>
    /// <exception cref="EngineBuildException">TensorRT refuses the network.</exception>
    /// <exception cref="PlanRefusedException">The timing cache does not fit this TensorRT or device; build again without it.</exception>
    /// <exception cref="LatentSyncException">Something else fails, such as the device's memory.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    BuiltPlan Build(PlanRequest request, IProgress<EngineBuildStep>? progress, Action<EngineLogLine>? log, CancellationToken cancellationToken);

    /// <summary>Puts another checkpoint's weights into a refittable engine.</summary>
    /// <param name="enginePath">The engine file.</param>
    /// <param name="modelPath">The ONNX file of the same graph, at the engine's precision.</param>
    /// <param name="log">Receives what TensorRT says; may be null.</param>
    /// <param name="cancellationToken">Stops between the steps.</param>
    /// <returns>The new plan's bytes.</returns>
    /// <exception cref="PlanRefusedException">The engine file is damaged or of another TensorRT.</exception>
    /// <exception cref="EngineExecutionException">The graphs differ; the message names a weight.</exception>
    Stream Refit(string enginePath, string modelPath, Action<EngineLogLine>? log, CancellationToken cancellationToken);

    /// <summary>Joins two timing caches, the second's entries winning.</summary>
    /// <param name="first">A timing cache.</param>
    /// <param name="second">Another one.</param>
    /// <exception cref="PlanRefusedException">One of them does not fit this TensorRT or device.</exception>
    byte[] MergeTimingCaches(byte[] first, byte[] second);
}
