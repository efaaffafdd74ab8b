using System.Runtime.InteropServices;
using LatentSync.Models.Checkpoints;

namespace LatentSync.Models.Onnx;

/// <summary>Consecutive elements of a checkpoint's tensor, widened to float32 when they are read.</summary>
public sealed class CheckpointSource : TensorSource
{
    private readonly ICheckpoint _checkpoint;
    private readonly CheckpointTensor _tensor;
    private readonly long _firstElement;

    /// <summary>A run of elements in row-major order: a whole tensor, or some of its rows.</summary>
    /// <param name="checkpoint">The checkpoint; must stay open until the graph is written.</param>
    /// <param name="tensor">One of its tensors.</param>
    /// <param name="firstElement">Where the run starts.</param>
    /// <param name="elementCount">Its length.</param>
    public CheckpointSource(ICheckpoint checkpoint, CheckpointTensor tensor, long firstElement, long elementCount)
        : base(OnnxElementType.Float, elementCount)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(firstElement);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementCount, tensor.ElementCount - firstElement);
        _checkpoint = checkpoint;
        _tensor = tensor;
        _firstElement = firstElement;
    }

    /// <inheritdoc/>
    public override void Read(long elementOffset, Span<byte> destination)
    {
        if (_tensor.DType == CheckpointDType.Float32)
        {
            _checkpoint.Read(_tensor.Name, _firstElement + elementOffset, destination);
        }
        else
        {
            _checkpoint.ReadFloat32(_tensor.Name, _firstElement + elementOffset, MemoryMarshal.Cast<byte, float>(destination));
        }
    }
}
