using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Runtime.OnnxRuntime;

/// <summary>Tensors handed to ONNX Runtime, in place: made once, run any number of times with whatever the tensors hold then.</summary>
internal sealed class TensorBinding : IDisposable
{
    private readonly InferenceSession _session;
    private readonly NamedTensor[] _inputs;
    private readonly NamedTensor[] _outputs;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly OrtValue[] _inputValues;
    private readonly OrtValue[] _outputValues;
    private readonly OrtIoBinding? _binding;

    /// <param name="handle">The session.</param>
    /// <param name="inputs">All inputs.</param>
    /// <param name="outputs">The wanted outputs.</param>
    /// <exception cref="OnnxRuntimeException">There is no input or output of such a name.</exception>
    public TensorBinding(SessionHandle handle, ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs)
    {
        _session = handle.Session;
        (_inputs, _outputs) = (inputs.ToArray(), outputs.ToArray());
        (_inputNames, _outputNames) = ([.. _inputs.Select(tensor => tensor.Name)], [.. _outputs.Select(tensor => tensor.Name)]);
        (_inputValues, _outputValues) = ([.. _inputs.Select(tensor => Wrap(tensor.Value))], [.. _outputs.Select(tensor => Wrap(tensor.Value))]);
        if (handle.ReadsBoundInputs && _outputs.Length > 0)
        {
            try
            {
                _binding = Bind();
            }
            catch
            {
                Dispose();
                throw;
            }
        }
    }

    /// <summary>Whether it was made of these very tensors.</summary>
    public bool IsOf(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs) => AreSame(_inputs, inputs) && AreSame(_outputs, outputs);

    /// <summary>Runs into the outputs.</summary>
    public void Run(RunOptions options)
    {
        if (_binding is not null)
        {
            _session.RunWithBinding(options, _binding);
            return;
        }

        _session.Run(options, _inputNames, _inputValues, _outputNames, _outputValues);
    }

    /// <summary>Runs for every output of the network, in memory of ONNX Runtime's.</summary>
    public IDisposableReadOnlyCollection<OrtValue> RunForAll(RunOptions options) => _session.Run(options, _inputNames, _inputValues, _session.OutputNames);

    public void Dispose()
    {
        _binding?.Dispose();
        foreach (OrtValue value in _inputValues.Concat(_outputValues))
        {
            value.Dispose();
        }
    }

    private OrtIoBinding Bind()
    {
        OrtIoBinding binding = _session.CreateIoBinding();
        try
        {
            for (int i = 0; i < _inputs.Length; i++)
            {
                binding.BindInput(_inputNames[i], _inputValues[i]);
            }

            for (int i = 0; i < _outputs.Length; i++)
            {
                binding.BindOutput(_outputNames[i], _outputValues[i]);
            }

            return binding;
        }
        catch
        {
            binding.Dispose();
            throw;
        }
    }

    private static bool AreSame(NamedTensor[] bound, ReadOnlySpan<NamedTensor> asked)
    {
        bool same = bound.Length == asked.Length;
        for (int i = 0; same && i < bound.Length; i++)
        {
            same = ReferenceEquals(bound[i].Value, asked[i].Value) && bound[i].Name == asked[i].Name;
        }

        return same;
    }

    private static OrtValue Wrap(Tensor tensor) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, tensor.Data, tensor.Shape.ToArray());
}
