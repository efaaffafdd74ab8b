using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LatentSync.Runtime.OnnxRuntime;

/// <summary>A network on ONNX Runtime's CPU provider: the baseline, and the path without a GPU.</summary>
public sealed class OnnxRuntimeEngine : IInferenceEngine
{
    // Nothing is reported to anyone; official builds for Windows would.
    private static readonly Lazy<OrtEnv> s_environment = new(() =>
    {
        OrtEnv environment = OrtEnv.Instance();
        environment.DisableTelemetryEvents();
        return environment;
    });

    private readonly InferenceSession _session;
    private readonly string _path;

    private OnnxRuntimeEngine(InferenceSession session, string path)
    {
        _session = session;
        _path = path;
        Inputs = Contracts(session.InputNames, session.InputMetadata);
        Outputs = Contracts(session.OutputNames, session.OutputMetadata);
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
            _ = s_environment.Value;
            using SessionOptions session = CreateSessionOptions(options);
            return new OnnxRuntimeEngine(new InferenceSession(path, session), path);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new LatentSyncException(LatentSyncError.Model, $"{path}: ONNX Runtime cannot load it: {FirstLine(exception)}; check the pack with 'latentsync models verify'", exception);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Run(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken = default)
    {
        string[] names = [.. _session.OutputNames];
        Tensor[] results = new Tensor[names.Length];
        Execute(inputs, cancellationToken, (options, inputNames, inputValues) =>
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, inputNames, inputValues, names);
            for (int i = 0; i < names.Length; i++)
            {
                results[i] = new Tensor(outputs[i].GetTensorDataAsSpan<float>().ToArray(), outputs[i].GetTensorTypeAndShape().Shape);
            }
        });
        return results;
    }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs, CancellationToken cancellationToken = default)
    {
        string[] names = new string[outputs.Length];
        OrtValue[] values = new OrtValue[outputs.Length];
        try
        {
            for (int i = 0; i < outputs.Length; i++)
            {
                names[i] = outputs[i].Name;
                values[i] = Wrap(outputs[i].Value);
            }

            Execute(inputs, cancellationToken, (options, inputNames, inputValues) => _session.Run(options, inputNames, inputValues, names, values));
        }
        finally
        {
            DisposeAll(values);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static SessionOptions CreateSessionOptions(OnnxRuntimeOptions options)
    {
        SessionOptions session = new()
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = options.IntraOpThreads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
        session.AddSessionConfigEntry("session.disable_prepacking", options.Prepack ? "0" : "1");
        OnnxProviderSetup.Add(session, options);
        return session;
    }

    private void Execute(ReadOnlySpan<NamedTensor> inputs, CancellationToken cancellationToken, Action<RunOptions, string[], OrtValue[]> run)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string[] names = new string[inputs.Length];
        OrtValue[] values = new OrtValue[inputs.Length];
        using RunOptions options = new();
        using CancellationTokenRegistration registration = cancellationToken.Register(static state => ((RunOptions)state!).Terminate = true, options);
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                names[i] = inputs[i].Name;
                values[i] = Wrap(inputs[i].Value);
            }

            run(options, names, values);
        }
        catch (OnnxRuntimeException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new LatentSyncException(LatentSyncError.Model, $"{_path}: ONNX Runtime failed: {FirstLine(exception)}", exception);
        }
        finally
        {
            DisposeAll(values);
        }
    }

    private static OrtValue Wrap(Tensor tensor) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, tensor.Data, tensor.Shape.ToArray());

    private static void DisposeAll(OrtValue[] values)
    {
        foreach (OrtValue? value in values)
        {
            value?.Dispose();
        }
    }

    private static TensorContract[] Contracts(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> metadata) =>
        [.. names.Select(name => new TensorContract(name, ElementTypeName(metadata[name].ElementDataType), [.. metadata[name].Dimensions.Select(d => (long)d)]))];

    private static string ElementTypeName(TensorElementType type) => type.ToString().ToLowerInvariant();

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim();
}
