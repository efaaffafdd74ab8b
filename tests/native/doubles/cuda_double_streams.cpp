#include <algorithm>

#include "cuda_double_state.hpp"

// Stream Management and Event Management, without captures.

using namespace cuda_double;

int cuStreamCreate(cuda::Stream* stream, unsigned int flags) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuStreamCreate")) {
        return result;
    }

    if (flags > cuda::stream_non_blocking) {
        return misuse(cuda::error_invalid_value);
    }

    *stream = state().streams.add<cuda::Stream>(std::make_shared<Stream>());
    return 0;
}

int cuStreamDestroy_v2(cuda::Stream stream) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuStreamDestroy_v2");
    const auto found = state().streams.find(stream);
    if (!found) {
        return misuse(cuda::error_invalid_handle);
    }

    if (found->capture) {
        found->capture->is_invalid = true;
        std::erase(found->capture->streams, found.get());
    }

    state().streams.remove(stream);
    return result;
}

int cuStreamSynchronize(cuda::Stream stream) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuStreamSynchronize")) {
        return result;
    }

    const auto found = state().streams.find(stream);
    if (!found) {
        return misuse(cuda::error_invalid_handle);
    }

    if (found->capture) {
        found->capture->is_invalid = true;
        return misuse(capture_unsupported);
    }

    return 0;
}

int cuStreamWaitEvent(cuda::Stream stream, cuda::Event event, unsigned int) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuStreamWaitEvent")) {
        return result;
    }

    const auto waiting = state().streams.find(stream);
    const auto awaited = state().events.find(event);
    if (!waiting || !awaited) {
        return misuse(cuda::error_invalid_handle);
    }

    if (!awaited->capture) {
        if (waiting->capture) {
            waiting->capture->is_invalid = true;
            return capture_isolation;
        }

        return 0;
    }

    if (!waiting->capture) {
        waiting->capture = awaited->capture;
        waiting->captured_operations = 0;
        waiting->progress.clear();
        awaited->capture->streams.push_back(waiting.get());
    }

    if (waiting->capture != awaited->capture) {
        waiting->capture->is_invalid = awaited->capture->is_invalid = true;
        return capture_merge;
    }

    for (const auto& [from, operations] : awaited->progress) {
        auto& known = waiting->progress[from];
        known = std::max(known, operations);
    }

    return waiting->capture->is_invalid ? capture_invalidated : 0;
}

int cuEventCreate(cuda::Event* event, unsigned int flags) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuEventCreate")) {
        return result;
    }

    auto created = std::make_shared<Event>();
    created->has_timing = (flags & cuda::event_disable_timing) == 0;
    *event = state().events.add<cuda::Event>(std::move(created));
    return 0;
}

int cuEventDestroy_v2(cuda::Event event) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuEventDestroy_v2");
    return state().events.remove(event) ? result : misuse(cuda::error_invalid_handle);
}

int cuEventRecord(cuda::Event event, cuda::Stream stream) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuEventRecord")) {
        return result;
    }

    const auto recorded = state().events.find(event);
    const auto on = state().streams.find(stream);
    if (!recorded || !on) {
        return misuse(cuda::error_invalid_handle);
    }

    if (on->capture && on->capture->is_invalid) {
        return capture_invalidated;
    }

    recorded->is_recorded = true;
    recorded->capture = on->capture;
    recorded->progress = on->progress;
    recorded->time = state().clock;
    return 0;
}

namespace {

int wait(const char* function, cuda::Event event) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context(function)) {
        return result;
    }

    const auto found = state().events.find(event);
    if (!found) {
        return misuse(cuda::error_invalid_handle);
    }

    if (found->capture) {
        found->capture->is_invalid = true;
        return captured_event;
    }

    return 0;
}

}  // namespace

int cuEventSynchronize(cuda::Event event) { return wait("cuEventSynchronize", event); }

int cuEventQuery(cuda::Event event) { return wait("cuEventQuery", event); }

int cuEventElapsedTime(float* milliseconds, cuda::Event start, cuda::Event end) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuEventElapsedTime")) {
        return result;
    }

    const auto first = state().events.find(start);
    const auto last = state().events.find(end);
    if (!first || !last) {
        return misuse(cuda::error_invalid_handle);
    }

    if (!first->is_recorded || !last->is_recorded || !first->has_timing || !last->has_timing) {
        return cuda::error_invalid_handle;
    }

    *milliseconds = static_cast<float>(last->time - first->time) * 1e-3F;
    return 0;
}
