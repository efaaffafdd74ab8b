using System.Runtime.InteropServices;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_event</c>; keeps its device alive.</summary>
internal sealed partial class EventHandle : DependentHandle
{
    internal static EventHandle Create(DeviceHandle device, bool isTiming) =>
        Create((out EventHandle created) => Create(device, isTiming ? 1 : 0, out created), device);

    internal bool IsDone
    {
        get
        {
            NativeError.ThrowIfFailed(Query(this, out int isDone));
            return isDone != 0;
        }
    }

    internal void Record(StreamHandle stream) => NativeError.ThrowIfFailed(Record(this, stream));

    internal void Synchronize() => NativeError.ThrowIfFailed(Synchronize(this));

    internal float MillisecondsTo(EventHandle end)
    {
        NativeError.ThrowIfFailed(Elapsed(this, end, out float milliseconds));
        return milliseconds;
    }

    private protected override NativeStatus DestroyNative(nint native) => Destroy(native);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_event_create")]
    private static partial NativeStatus Create(DeviceHandle device, int isTiming, out EventHandle created);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_event_destroy")]
    private static partial NativeStatus Destroy(nint destroyed);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_event_record")]
    private static partial NativeStatus Record(EventHandle recorded, StreamHandle stream);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_event_synchronize")]
    private static partial NativeStatus Synchronize(EventHandle awaited);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_event_query")]
    private static partial NativeStatus Query(EventHandle queried, out int isDone);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_event_elapsed")]
    private static partial NativeStatus Elapsed(EventHandle start, EventHandle end, out float milliseconds);
}
