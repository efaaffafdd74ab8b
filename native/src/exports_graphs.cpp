#include "exports.hpp"
#include "objects.hpp"

using namespace lsrt;

lsrt_status lsrt_stream_begin_capture(lsrt_stream* stream) {
    return guard([&] { checked(stream).stream.begin_capture(); });
}

lsrt_status lsrt_stream_end_capture(lsrt_stream* stream, lsrt_graph** graph) {
    return guard([&] {
        auto& captured = checked(stream).stream;
        if (graph == nullptr) {
            captured.abort_capture();
        }

        auto& result = out(graph);
        // First: if there is no memory for the object, the capture has ended all the same.
        auto ended = captured.end_capture();
        result = new lsrt_graph(std::move(ended));
    });
}

lsrt_status lsrt_stream_abort_capture(lsrt_stream* stream) {
    return guard([&] {
        if (stream != nullptr) {
            stream->stream.abort_capture();
        }
    });
}

lsrt_status lsrt_graph_launch(lsrt_graph* graph, lsrt_stream* stream) {
    return guard([&] { checked(graph).graph->launch(checked(stream).stream); });
}

lsrt_status lsrt_graph_node_count(const lsrt_graph* graph, int64_t* count) {
    return guard([&] { out(count) = checked(graph).graph->node_count(); });
}

lsrt_status lsrt_graph_destroy(lsrt_graph* graph) {
    return guard([&] {
        if (graph != nullptr) {
            graph->graph->device().retire(graph);
        }
    });
}
