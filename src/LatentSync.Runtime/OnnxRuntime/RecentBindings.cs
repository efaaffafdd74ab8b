namespace LatentSync.Runtime.OnnxRuntime;

/// <summary>The latest bindings of an engine: a network runs on whole chunks for most of a job, and once on a short one.</summary>
internal sealed class RecentBindings(SessionHandle handle) : IDisposable
{
    private TensorBinding? _latest;
    private TensorBinding? _before;

    /// <summary>The binding of some tensors, made unless it is one of the latest two.</summary>
    public TensorBinding Find(ReadOnlySpan<NamedTensor> inputs, ReadOnlySpan<NamedTensor> outputs)
    {
        if (_latest?.IsOf(inputs, outputs) == true)
        {
            return _latest;
        }

        if (_before?.IsOf(inputs, outputs) == true)
        {
            (_latest, _before) = (_before, _latest);
            return _latest;
        }

        TensorBinding made = new(handle, inputs, outputs);
        _before?.Dispose();
        (_latest, _before) = (made, _latest);
        return made;
    }

    public void Dispose()
    {
        _latest?.Dispose();
        _before?.Dispose();
    }
}
