using System.Runtime.InteropServices;
using LatentSync.Runtime.Cuda.Native;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.TensorRt.Native;

/// <summary>Owns an <c>lsrt_execution</c>; keeps its engine alive.</summary>
internal sealed unsafe partial class ExecutionHandle : DependentHandle
{
    internal long ActivationSize
    {
        get
        {
            NativeError.ThrowIfFailed(GetActivationSize(this, out long size));
            return size;
        }
    }

    internal static ExecutionHandle Create(EngineHandle engine, int profile, StreamHandle stream) =>
        Create((out ExecutionHandle execution) => Create(engine, profile, stream, out execution), engine);

    internal void SetMemory(BufferHandle buffer, long offset, long size) => NativeError.ThrowIfFailed(SetMemory(this, buffer, offset, size));

    internal void SetShape(string input, ReadOnlySpan<long> extents)
    {
        fixed (byte* name = NativeText.ToBytes(input))
        fixed (long* values = extents)
        {
            NativeError.ThrowIfFailed(SetShape(this, name, values, extents.Length));
        }
    }

    internal long[] Shape(string tensor)
    {
        ExtentsBuffer extents = default;
        fixed (byte* name = NativeText.ToBytes(tensor))
        {
            NativeError.ThrowIfFailed(GetShape(this, name, ref extents, out int rank));
            return extents.ToArray(rank);
        }
    }

    internal void SetAddress(string tensor, ulong address)
    {
        fixed (byte* name = NativeText.ToBytes(tensor))
        {
            NativeError.ThrowIfFailed(SetAddress(this, name, address));
        }
    }

    internal void Enqueue(StreamHandle stream) => NativeError.ThrowIfFailed(Enqueue(this, stream));

    private protected override NativeStatus DestroyNative(nint native) => Destroy(native);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_execution_create")]
    private static partial NativeStatus Create(EngineHandle engine, int profile, StreamHandle stream, out ExecutionHandle execution);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_execution_destroy")]
    private static partial NativeStatus Destroy(nint execution);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_execution_set_memory")]
    private static partial NativeStatus SetMemory(ExecutionHandle execution, BufferHandle buffer, long offset, long size);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_execution_set_shape")]
    private static partial NativeStatus SetShape(ExecutionHandle execution, byte* input, long* extents, int rank);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_execution_shape")]
    private static partial NativeStatus GetShape(ExecutionHandle execution, byte* tensor, ref ExtentsBuffer extents, out int rank);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_execution_activation_size")]
    private static partial NativeStatus GetActivationSize(ExecutionHandle execution, out long size);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_execution_set_address")]
    private static partial NativeStatus SetAddress(ExecutionHandle execution, byte* tensor, ulong address);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_execution_enqueue")]
    private static partial NativeStatus Enqueue(ExecutionHandle execution, StreamHandle stream);
}
