using System.Runtime.InteropServices;
using LatentSync.Runtime.Native;

namespace LatentSync.Runtime.Cuda.Native;

/// <summary>Owns an <c>lsrt_graph</c>; keeps alive the stream that it was captured from.</summary>
internal sealed partial class GraphHandle : DependentHandle
{
    internal static GraphHandle EndCapture(StreamHandle stream) => Create((out GraphHandle graph) => EndCapture(stream, out graph), stream);

    internal long NodeCount
    {
        get
        {
            NativeError.ThrowIfFailed(GetNodeCount(this, out long count));
            return count;
        }
    }

    internal void Launch(StreamHandle stream) => NativeError.ThrowIfFailed(Launch(this, stream));

    private protected override NativeStatus DestroyNative(nint native) => Destroy(native);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_stream_end_capture")]
    private static partial NativeStatus EndCapture(StreamHandle stream, out GraphHandle graph);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_graph_launch")]
    private static partial NativeStatus Launch(GraphHandle graph, StreamHandle stream);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_graph_node_count")]
    private static partial NativeStatus GetNodeCount(GraphHandle graph, out long count);

    [LibraryImport(NativeLibraryLoader.Name, EntryPoint = "lsrt_graph_destroy")]
    private static partial NativeStatus Destroy(nint graph);
}
