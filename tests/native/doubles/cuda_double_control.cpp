#include <algorithm>
#include <iterator>
#include <string_view>

#include "cuda_double.h"
#include "cuda_double_state.hpp"

using namespace cuda_double;

namespace {

bool is_function(std::string_view name) {
    static constexpr std::string_view functions[] = {
#define LSRT_CUDA_SYMBOL(name, parameters) #name,
#include "cuda_symbols.def"
#undef LSRT_CUDA_SYMBOL
    };
    return std::ranges::find(functions, name) != std::end(functions);
}

template <typename Body>
auto locked(Body&& body) {
    const std::lock_guard lock(state().mutex);
    return body(state());
}

std::int64_t at(const std::map<std::string, std::int64_t>& counts, const char* name) {
    const auto found = counts.find(name);
    return found != counts.end() ? found->second : 0;
}

std::int64_t count(const State& s, std::int32_t what) {
    switch (what) {
        case LSRT_DOUBLE_ALLOCATIONS:
            return static_cast<std::int64_t>(s.allocations.size());
        case LSRT_DOUBLE_ALLOCATED_BYTES: {
            std::int64_t bytes = 0;
            for (const auto& entry : s.allocations) {
                bytes += static_cast<std::int64_t>(entry.second.size);
            }
            return bytes;
        }
        case LSRT_DOUBLE_PINNED:
            return static_cast<std::int64_t>(s.pinned.size());
        case LSRT_DOUBLE_POOLS:
            return s.pools.count();
        case LSRT_DOUBLE_STREAMS:
            return s.streams.count();
        case LSRT_DOUBLE_EVENTS:
            return s.events.count();
        case LSRT_DOUBLE_MODULES:
            return s.modules.count();
        case LSRT_DOUBLE_GRAPHS:
            return s.graphs.count();
        case LSRT_DOUBLE_GRAPH_EXECUTIONS:
            return s.executions.count();
        case LSRT_DOUBLE_CONTEXTS:
            return s.contexts[0].retained + s.contexts[1].retained;
        case LSRT_DOUBLE_CAPTURES: {
            std::int64_t captures = 0;
            s.streams.for_each([&](const Stream& stream) { captures += stream.capture ? 1 : 0; });
            return captures;
        }
        case LSRT_DOUBLE_MISUSES:
            return s.misuses;
        case LSRT_DOUBLE_CURRENT_CONTEXTS:
            return static_cast<std::int64_t>(current_contexts().size());
        default:
            return -1;
    }
}

}  // namespace

void lsrt_double_reset(void) {
    locked([](State& s) {
        s.faults.clear();
        s.calls.clear();
        s.launches.clear();
        s.lost_result = 0;
        s.has_pools = true;
        s.has_capture = true;
        s.memory_limit = -1;
        s.misuses = 0;
    });
}

int32_t lsrt_double_fail(const char* function, int32_t nth, int32_t result) {
    if (!is_function(function) || nth < 0) {
        return 1;
    }

    locked([&](State& s) { s.faults[function] = {nth, result}; });
    return 0;
}

void lsrt_double_lose_device(int32_t result) {
    locked([&](State& s) { s.lost_result = result; });
}

void lsrt_double_set_memory_pools(int32_t is_supported) {
    locked([&](State& s) { s.has_pools = is_supported != 0; });
}

void lsrt_double_set_capture(int32_t is_supported) {
    locked([&](State& s) { s.has_capture = is_supported != 0; });
}

void lsrt_double_set_memory_limit(int64_t bytes) {
    locked([&](State& s) { s.memory_limit = bytes; });
}

int64_t lsrt_double_count(int32_t what) {
    return locked([&](State& s) { return count(s, what); });
}

int64_t lsrt_double_calls(const char* function) {
    return is_function(function) ? locked([&](State& s) { return at(s.calls, function); }) : -1;
}

int64_t lsrt_double_launches(const char* entry) {
    return locked([&](State& s) { return at(s.launches, entry); });
}
