using LatentSync.Runtime;

namespace LatentSync.Models.Checkpoints;

/// <summary>
/// A state dict on disk, read in windows: opening reads names and shapes only, and no call holds more of the file than it was asked for.
/// Several threads may read at once.
/// </summary>
public interface ICheckpoint : IDisposable
{
    /// <summary>The file or, for a diffusers folder, the folder.</summary>
    string Path { get; }

    /// <summary>Every file that was read for it, for hashing.</summary>
    IReadOnlyList<string> Files => [Path];

    /// <summary>The tensors by name, wrappers such as <c>state_dict</c> and a <c>module.</c> prefix taken off.</summary>
    IReadOnlyDictionary<string, CheckpointTensor> Tensors { get; }

    /// <summary>
    /// Scalars stored beside the tensors, nested keys joined by dots (<c>dims.n_mels</c>): <see cref="long"/>, <see cref="double"/>,
    /// <see cref="bool"/> or <see cref="string"/>. A safetensors file's <c>__metadata__</c> appears here as strings.
    /// </summary>
    IReadOnlyDictionary<string, object> Metadata { get; }

    /// <summary>Reads elements as they are stored, little-endian, in row-major order of the tensor's shape (views and strides resolved).</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="elementOffset">First element.</param>
    /// <param name="destination">A whole number of elements.</param>
    /// <exception cref="LatentSyncException">No such tensor, or the file ends early.</exception>
    void Read(string name, long elementOffset, Span<byte> destination);

    /// <summary>Reads elements widened (or, for 32-bit integers and 64-bit types, rounded) to float32, in row-major order.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="elementOffset">First element.</param>
    /// <param name="destination">Receives as many elements as it holds.</param>
    /// <exception cref="LatentSyncException">No such tensor, or the file ends early.</exception>
    void ReadFloat32(string name, long elementOffset, Span<float> destination);
}
