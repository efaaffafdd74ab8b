using System.Diagnostics;
using System.Runtime.InteropServices;
using LatentSync.Runtime.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LatentSync.Runtime.OnnxRuntime;

/// <summary>
/// A network on ONNX Runtime's CPU provider: the baseline, and the path without a GPU. Running it into tensors that it ran into before, the same objects, costs
/// no allocation; the tensors of the two latest kinds of runs are therefore kept alive.
/// </summary>
public sealed class OnnxRuntimeEngine : IInferenceEngine
{
    // Nothing is reported to anyone; official builds for Windows would.
    private static readonly Lazy<OrtEnv> s_environment = new(() =>
    {
        OrtEnv environment = OrtEnv.Instance();
        environment.DisableTelemetryEvents();
        return environment;
    });

    private static int s_profiles;

    private readonly SessionHandle _handle;
    private readonly string _path;
    private readonly string _runName;
    private readonly RunOptions _options = new();
    private readonly RecentBindings _bindings;

    private OnnxRuntimeEngine(SessionHandle handle, string path)
    {
        _handle = handle;
        _path = path;
        _runName = $"run {NetworkName(path)}";
        _bindings = new RecentBindings(handle);
        Inputs = Contracts(handle.Session.InputNames, handle.Session.InputMetadata);
        Outputs = Contracts(handle.Session.OutputNames, handle.Session.OutputMetadata);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TensorContract> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorContract> Outputs { get; }

    /// <summary>Loads an ONNX file; external data is found beside it.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="options">Session settings.</param>
    /// <exception cref="LatentSyncException">The file is missing or ONNX Runtime refuses it.</exception>
    public static OnnxRuntimeEngine Load(string path, OnnxRuntimeOptions options)
    {
        if (!File.Exists(path))
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: no such model file; import the checkpoints again with 'latentsync models import'");
        }

        try
        {
            using SessionOptions session = CreateSessionOptions(options);
            return Create(() => new InferenceSession(path, session), session, path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: ONNX Runtime cannot load it: {FirstLine(exception)}; check the pack with 'latentsync models verify'", exception);
        }
    }

    /// <summary>Loads a model that is in memory.</summary>
    /// <param name="model">The model, as an <c>.onnx</c> file holds it.</param>
    /// <param name="dataFolder">Where the files lie that it refers to; empty if it refers to none.</param>
    /// <param name="path">The file that it was made of, for messages.</param>
    /// <param name="options">Session settings.</param>
    /// <exception cref="LatentSyncException">ONNX Runtime refuses it.</exception>
    public static OnnxRuntimeEngine Load(ReadOnlyMemory<byte> model, string dataFolder, string path, OnnxRuntimeOptions options) =>
        Load(model, dataFolder, path, options, [], shared: null);

    /// <summary>Loads a model that is in memory and holds its weights together with other sessions.</summary>
    /// <param name="model">The model, as an <c>.onnx</c> file holds it.</param>
    /// <param name="dataFolder">Where the files lie that it refers to; empty if it refers to none.</param>
    /// <param name="path">The file that it was made of, for messages.</param>
    /// <param name="options">Session settings.</param>
    /// <param name="weights">Those of its weights that lie in data files.</param>
    /// <param name="shared">Holds them; to be disposed after this engine. Null: the session reads them for itself.</param>
    /// <exception cref="LatentSyncException">ONNX Runtime refuses it, or a data file is missing or too short.</exception>
    public static OnnxRuntimeEngine Load(
        ReadOnlyMemory<byte> model, string dataFolder, string path, OnnxRuntimeOptions options, IReadOnlyList<ExternalWeight> weights, SharedWeights? shared)
    {
        ArgumentNullException.ThrowIfNull(dataFolder);
        ArgumentNullException.ThrowIfNull(weights);
        try
        {
            using SessionOptions session = CreateSessionOptions(options);
            if (dataFolder.Length > 0)
            {
                session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", dataFolder);
            }

            byte[] bytes = MemoryMarshal.TryGetArray(model, out ArraySegment<byte> array) && array.Count == array.Array!.Length ? array.Array : model.ToArray();
            if (shared is null)
            {
                return Create(() => new InferenceSession(bytes, session), session, path, options);
            }

            shared.AddTo(session, dataFolder, weights);
            return Create(() => new InferenceSession(bytes, session, shared.Prepacked), session, path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: ONNX Runtime cannot load it: {FirstLine(exception)}; check the pack with 'latentsync models verify'", exception);
        }
    }

    /// <summary>
    /// Another engine on the same session, for another thread: weights are held once, each run has memory of its own. Either may be disposed first.
    /// </summary>
    public OnnxRuntimeEngine Fork() => new(_handle.AddUser(), _path);

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using TensorBinding binding = new(_handle, inputs, []);
            using IDisposableReadOnlyCollection<OrtValue> outputs = RunStoppably(static (engine, binding) => binding.RunForAll(engine._options), binding, cancellationToken);
            return [.. outputs.Select(output => new Tensor(output.GetTensorDataAsSpan<float>().ToArray(), output.GetTensorTypeAndShape().Shape))];
        }
        catch (OnnxRuntimeException exception)
        {
            throw Failure(exception, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            RunStoppably(
                static (engine, binding) =>
                {
                    binding.Run(engine._options);
                    return true;
                },
                _bindings.Find(inputs, outputs),
                cancellationToken);
        }
        catch (OnnxRuntimeException exception)
        {
            throw Failure(exception, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bindings.Dispose();
        _options.Dispose();
        _handle.RemoveUser();
    }

    private static string NetworkName(string path) => Path.GetFileNameWithoutExtension(path);

    private static OnnxRuntimeEngine Create(Func<InferenceSession> load, SessionOptions options, string path, OnnxRuntimeOptions given)
    {
        using Activity? span = Tracing.Source.StartActivity($"load {NetworkName(path)}");
        if (given.ProfileFolder is not { } folder)
        {
            return new OnnxRuntimeEngine(new SessionHandle(load(), given.Provider), path);
        }

        // A network may have several sessions, and ONNX Runtime tells files apart by the second.
        string prefix = Path.Combine(folder, $"{NetworkName(path)}-{Interlocked.Increment(ref s_profiles)}");
        options.ProfileOutputPathPrefix = prefix;
        options.EnableProfiling = true; // takes the prefix as it is now
        InferenceSession session = load();
        span?.SetTag(Tracing.ProfilePrefixTag, prefix).SetTag(Tracing.ProfileStartTag, session.ProfilingStartTimeNs);
        return new OnnxRuntimeEngine(new SessionHandle(session, given.Provider, isProfiled: true), path);
    }

    private T RunStoppably<T>(Func<OnnxRuntimeEngine, TensorBinding, T> run, TensorBinding binding, CancellationToken cancellationToken)
    {
        using Activity? span = Tracing.Source.StartActivity(_runName);
        try
        {
            using (cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, _options))
            {
                return run(this, binding);
            }
        }
        finally
        {
            // The registration is gone, so that nobody sets it any more: the next run is not to be stopped by this one's token.
            _options.Terminate = false;
        }
    }

    private LatentSyncException Failure(OnnxRuntimeException exception, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new LatentSyncException(LatentSyncError.Model, $"{_path}: ONNX Runtime failed: {FirstLine(exception)}; if memory ran out, take a smaller --resolution or --chunks 1, else check the pack with 'latentsync models verify'", exception);
    }

    private static SessionOptions CreateSessionOptions(OnnxRuntimeOptions options)
    {
        _ = s_environment.Value;
        SessionOptions session = new()
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = options.IntraOpThreads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
        session.EnableCpuMemArena = session.EnableMemoryPattern = options.KeepActivationMemory;
        session.AddSessionConfigEntry("session.disable_prepacking", options.Prepack ? "0" : "1");
        OnnxProviderSetup.Add(session, options);
        return session;
    }

    private static TensorContract[] Contracts(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> metadata) =>
        [.. names.Select(name => new TensorContract(name, ElementTypeName(metadata[name].ElementDataType), [.. metadata[name].Dimensions.Select(d => (long)d)]))];

    private static string ElementTypeName(TensorElementType type) => type.ToString().ToLowerInvariant();

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim();
}
