using LatentSync.Models.Rewrites;
using LatentSync.Pipeline.Calibration;
using LatentSync.Runtime;
using LatentSync.Runtime.OnnxRuntime;
using LatentSync.Runtime.TensorRt;

namespace LatentSync.Pipeline;

/// <summary>How a pack's networks are loaded.</summary>
public sealed record LipSyncEngineOptions
{
    /// <summary>Threads for the networks; 0 takes one per core.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Chunks of frames that ONNX Runtime denoises at the same time on the CPU, each on its share of the threads and with the UNet's activations once more in
    /// memory; 0 takes what is fastest where memory allows.
    /// </summary>
    public int ChunksAtOnce { get; init; }

    /// <summary>
    /// The first job, if it is known: the form of the UNet that it needs is then loaded with the other networks, and TensorRT is taken if there are engines of it. Null, or a
    /// later job of other guidance, step caching or resolution: the form is loaded when the job begins, before its time counts; without a first job TensorRT is taken if
    /// there are engines for a job with default settings.
    /// </summary>
    public LipSyncOptions? FirstJob { get; init; }

    /// <summary>What runs UNet and VAE.</summary>
    public InferenceBackend Backend { get; init; }

    /// <summary>What ONNX Runtime runs UNet and VAE on, where it does.</summary>
    public OnnxExecutionProvider OnnxProvider { get; init; }

    /// <summary>
    /// Exact rewrites of the UNet; all by default. With TensorRT they are those of <see cref="UNetEngineForm.Rewrites"/>, where engines of the rewritten networks are
    /// built, else none. Fewer are for measuring what each is worth: the numbers stay the same to within rounding.
    /// </summary>
    public UNetRewrites Rewrites { get; init; } = UNetRewrites.All;

    /// <summary>Precision of UNet and VAE; null takes fp16 with TensorRT and the pack's own (fp32) with ONNX Runtime.</summary>
    public EnginePrecision? Precision { get; init; }

    /// <summary>The GPU's number, from 0.</summary>
    public int Device { get; init; }

    /// <summary>Where built engines lie; null takes the user's cache folder.</summary>
    public string? EnginesDirectory { get; init; }

    /// <summary>Side of the jobs' faces in pixels, for which engines are chosen; null takes the pack's. A job of another size needs other engines.</summary>
    public int? Resolution { get; init; }

    /// <summary>
    /// Receives everything that TensorRT says while networks are loaded and jobs run, for the host's own log, on any thread; it must not throw. Warnings
    /// and errors are also in <see cref="LipSyncReport.Warnings"/>, each once. Null for none.
    /// </summary>
    public Action<EngineLogLine>? Log { get; init; }

    /// <summary>Counts what networks' values are; needs ONNX Runtime, one chunk at once and no rewrites. Null for none.</summary>
    internal CalibrationTap? Tap { get; init; }

    /// <summary>Folder for ONNX Runtime's profiles of the networks that it runs, written when the pipeline is disposed; null for none.</summary>
    public string? ProfileFolder { get; init; }

    /// <summary>
    /// Bytes of each engine's weights that stay on the GPU; null keeps all. With a number, the UNet's engine must have been built with weight streaming; those
    /// of the VAE stream if they can.
    /// </summary>
    public long? WeightBudgetInBytes { get; init; }
}
