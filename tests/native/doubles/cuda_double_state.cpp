#include "cuda_double_state.hpp"

#include <iterator>

namespace cuda_double {

State& state() {
    // Never destroyed: other libraries may call while the process ends.
    static State& state = *new State;
    return state;
}

std::vector<Context*>& current_contexts() {
    thread_local std::vector<Context*> contexts;
    return contexts;
}

namespace {

bool is_sticky(int result) {
    return result == 214 || (result >= 700 && result <= 721 && result != 701 && result != 720);
}

}  // namespace

int enter(const char* function) {
    State& s = state();
    ++s.calls[function];
    if (s.lost_result != 0) {
        return s.lost_result;
    }

    const auto fault = s.faults.find(function);
    if (fault == s.faults.end()) {
        return 0;
    }

    auto& [calls_left, result] = fault->second;
    if (calls_left > 1) {
        --calls_left;
        return 0;
    }

    const int injected = result;
    if (calls_left == 1) {
        s.faults.erase(fault);
    }

    if (is_sticky(injected)) {
        s.lost_result = injected;
    }

    if (injected >= capture_unsupported && injected <= capture_wrong_thread) {
        invalidate_captures();
    }

    return injected;
}

int enter_in_context(const char* function) {
    if (const int result = enter(function)) {
        return result;
    }

    return current_contexts().empty() ? misuse(invalid_context) : 0;
}

int misuse(int result) {
    ++state().misuses;
    return result;
}

void invalidate_captures() {
    state().streams.for_each([](Stream& stream) {
        if (stream.capture && stream.capture->thread == std::this_thread::get_id()) {
            stream.capture->is_invalid = true;
        }
    });
}

bool is_capturing_thread() {
    bool is_capturing = false;
    state().streams.for_each([&](Stream& stream) {
        is_capturing |= stream.capture && stream.capture->thread == std::this_thread::get_id();
    });
    return is_capturing;
}

int forbid_while_capturing() {
    if (!is_capturing_thread()) {
        return 0;
    }

    invalidate_captures();
    return misuse(capture_unsupported);
}

int enqueue(std::unique_lock<std::mutex>& lock, cuda::Stream handle, Operation operation) {
    const std::shared_ptr<Stream> stream = state().streams.find(handle);
    if (!stream) {
        return misuse(cuda::error_invalid_handle);
    }

    if (stream->capture) {
        if (stream->capture->is_invalid) {
            return capture_invalidated;
        }

        stream->capture->operations.push_back(std::move(operation));
        stream->progress[stream.get()] = ++stream->captured_operations;
        return 0;
    }

    lock.unlock();
    return run({std::move(operation)});
}

int run(const Operations& operations) {
    for (const Operation& operation : operations) {
        const int result = operation();
        const std::lock_guard lock(state().mutex);
        ++state().clock;
        if (result != 0) {
            if (is_sticky(result)) {
                state().lost_result = result;
            }

            return result;
        }
    }

    return 0;
}

std::size_t total_memory(int ordinal) { return ordinal == 0 ? std::size_t{24} << 30 : std::size_t{139} << 30; }

bool is_allocated(cuda::Address address, std::size_t size) {
    auto after = state().allocations.upper_bound(address);
    if (after == state().allocations.begin()) {
        return false;
    }

    const auto& [start, allocation] = *std::prev(after);
    return address - start <= allocation.size && size <= allocation.size - (address - start);
}

}  // namespace cuda_double
