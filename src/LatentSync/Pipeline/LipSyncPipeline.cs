using LatentSync.Models.Packs;
using LatentSync.Runtime;

namespace LatentSync.Pipeline;

/// <summary>
/// The whole path: a video and a speech recording in, a lip-synced video out. Load it once, run any number of jobs, one at a time.
/// </summary>
public sealed class LipSyncPipeline : IDisposable
{
    private readonly LipSyncEngines _engines;
    private readonly SemaphoreSlim _oneJob = new(1, 1);

    internal LipSyncPipeline(LipSyncEngines engines)
    {
        _engines = engines;
    }

    /// <summary>The pack whose networks run.</summary>
    public ModelPack Pack => _engines.Pack;

    /// <summary>What runs UNet and VAE, and at which precision.</summary>
    public string Backend => _engines.Backend.Name;

    /// <summary>Why <see cref="InferenceBackend.Auto"/> did not take TensorRT, in one line; null if it did, or if a backend was asked for.</summary>
    public string? BackendReason => _engines.Backend.Reason;

    /// <summary>
    /// Looks at a job's settings, inputs and output without loading networks, so that what is wrong with them is told before gigabytes are read.
    /// <see cref="RunAsync"/> does not rely on it.
    /// </summary>
    /// <param name="options">The job.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <exception cref="LatentSyncException">The job cannot work; the message names the file or option and the fix.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static Task CheckAsync(LipSyncOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(() => JobCheck.RunAsync(options, cancellationToken), cancellationToken);
    }

    /// <summary>Opens a pack and loads its networks on the calling thread.</summary>
    /// <param name="packPath">A folder made by <c>latentsync models import</c>.</param>
    /// <param name="options">How the networks are loaded; null for the defaults.</param>
    /// <exception cref="LatentSyncException">The folder is not a pack, or a network cannot be loaded.</exception>
    public static LipSyncPipeline Load(string packPath, LipSyncEngineOptions? options = null) => Load(packPath, options, CancellationToken.None);

    /// <summary>Opens a pack and loads its networks on the thread pool.</summary>
    /// <param name="packPath">A folder made by <c>latentsync models import</c>.</param>
    /// <param name="options">How the networks are loaded; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between two networks; one that is being loaded is loaded to its end, for ONNX Runtime does not stop on the way.</param>
    /// <exception cref="LatentSyncException">The folder is not a pack, or a network cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public static Task<LipSyncPipeline> LoadAsync(string packPath, LipSyncEngineOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Load(packPath, options, cancellationToken), cancellationToken);

    /// <summary>
    /// Runs one job. Frames flow through bounded queues, so memory does not grow with length; the output appears under its name only when it is
    /// whole, and a failed or cancelled job leaves nothing behind.
    /// </summary>
    /// <param name="options">The job.</param>
    /// <param name="progress">Told of every step, on the pipeline's threads; null for none.</param>
    /// <param name="cancellationToken">Stops the job within a second.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="LatentSyncException">An input, the pack, the output or the machine is not as it must be; the message names which and the fix.</exception>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public async Task<LipSyncReport> RunAsync(
        LipSyncOptions options, IProgress<LipSyncProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        LipSyncOptionsValidator.Check(options);
        await _oneJob.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Everything before the first await would run on the caller's thread: a window must not freeze while speech is read.
            return await Task.Run(() => new LipSyncJob(_engines, options, progress).RunAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneJob.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _engines.Dispose();
        _oneJob.Dispose();
    }

    private static LipSyncPipeline Load(string packPath, LipSyncEngineOptions? options, CancellationToken cancellationToken) =>
        new(LipSyncEngines.Load(ModelPack.Open(packPath), options ?? new LipSyncEngineOptions(), cancellationToken));
}
