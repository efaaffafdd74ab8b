#include <algorithm>

#include "cuda_double_state.hpp"

// Capturing, and Graph Management.

using namespace cuda_double;

namespace {

void release(Capture& capture) {
    for (Stream* stream : capture.streams) {
        stream->capture = nullptr;
        stream->progress.clear();
        stream->captured_operations = 0;
    }

    // Events that were recorded in the capture stay captured until their next record.
    capture.streams.clear();
}

/// Whether everything that the capture's streams recorded comes before the origin's end.
bool is_joined(const Capture& capture, const Progress& origin) {
    return std::ranges::all_of(capture.streams, [&](const Stream* stream) {
        const auto known = origin.find(stream);
        return (known != origin.end() ? known->second : 0) == stream->captured_operations;
    });
}

}  // namespace

int cuStreamBeginCapture_v2(cuda::Stream stream, int mode) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuStreamBeginCapture_v2")) {
        return result;
    }

    const auto found = state().streams.find(stream);
    if (!found || mode != cuda::stream_capture_mode_thread_local) {
        return misuse(cuda::error_invalid_value);
    }

    if (found->capture) {
        return misuse(illegal_state);
    }

    if (!state().has_capture) {
        return capture_unsupported;
    }

    found->capture = std::make_shared<Capture>();
    found->capture->origin = found.get();
    found->capture->thread = std::this_thread::get_id();
    found->capture->streams.push_back(found.get());
    return 0;
}

int cuStreamEndCapture(cuda::Stream stream, cuda::Graph* graph) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuStreamEndCapture");
    *graph = nullptr;
    const auto found = state().streams.find(stream);
    if (!found) {
        return misuse(cuda::error_invalid_handle);
    }

    const auto capture = found->capture;
    if (!capture) {
        return misuse(illegal_state);
    }

    if (capture->thread != std::this_thread::get_id()) {
        return capture_wrong_thread;
    }

    if (capture->origin != found.get()) {
        capture->is_invalid = true;
        return capture_unmatched;
    }

    const bool joined = is_joined(*capture, found->progress);
    release(*capture);
    if (result != 0 || capture->is_invalid || !joined) {
        return result != 0 ? result : capture->is_invalid ? capture_invalidated : capture_unjoined;
    }

    auto captured = std::make_shared<Graph>();
    captured->operations = std::move(capture->operations);
    *graph = state().graphs.add<cuda::Graph>(std::move(captured));
    return 0;
}

int cuStreamIsCapturing(cuda::Stream stream, int* status) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuStreamIsCapturing")) {
        return result;
    }

    const auto found = state().streams.find(stream);
    if (!found) {
        return misuse(cuda::error_invalid_handle);
    }

    *status = !found->capture ? 0 : found->capture->is_invalid ? 2 : 1;
    return 0;
}

int cuGraphInstantiateWithFlags(cuda::GraphExecution* execution, cuda::Graph graph, unsigned long long) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuGraphInstantiateWithFlags")) {
        return result;
    }

    const auto found = state().graphs.find(graph);
    if (!found) {
        return misuse(cuda::error_invalid_value);
    }

    auto created = std::make_shared<GraphExecution>();
    created->operations = found->operations;
    *execution = state().executions.add<cuda::GraphExecution>(std::move(created));
    return 0;
}

int cuGraphLaunch(cuda::GraphExecution execution, cuda::Stream stream) {
    std::unique_lock lock(state().mutex);
    if (const int result = enter_in_context("cuGraphLaunch")) {
        return result;
    }

    const auto found = state().executions.find(execution);
    if (!found) {
        return misuse(cuda::error_invalid_handle);
    }

    return enqueue(lock, stream, [found] { return run(found->operations); });
}

int cuGraphExecDestroy(cuda::GraphExecution execution) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuGraphExecDestroy");
    return state().executions.remove(execution) ? result : misuse(cuda::error_invalid_handle);
}

int cuGraphDestroy(cuda::Graph graph) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuGraphDestroy");
    return state().graphs.remove(graph) ? result : misuse(cuda::error_invalid_handle);
}

int cuGraphGetNodes(cuda::Graph graph, cuda::GraphNode* nodes, std::size_t* count) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuGraphGetNodes")) {
        return result;
    }

    const auto found = state().graphs.find(graph);
    if (!found || nodes != nullptr) {
        return misuse(cuda::error_invalid_value);
    }

    *count = found->operations.size();
    return 0;
}
