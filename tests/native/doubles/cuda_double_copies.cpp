#include <cstring>

#include "cuda_double_state.hpp"

// Copies and fills, of Memory Management.

using namespace cuda_double;

namespace {

/// Runs or records a copy; `source` and `destination` are checked as device ranges where the flags say so, again at
/// each replay: a graph may outlive the memory that it names.
int copy(std::unique_lock<std::mutex>& lock, void* destination, bool to_device, const void* source, bool from_device,
         std::size_t size, cuda::Stream stream) {
    const auto is_valid = [=] {
        return (!to_device || is_allocated(reinterpret_cast<cuda::Address>(destination), size)) &&
               (!from_device || is_allocated(reinterpret_cast<cuda::Address>(source), size));
    };
    if (!is_valid()) {
        return misuse(cuda::error_invalid_value);
    }

    return enqueue(lock, stream, [=] {
        {
            const std::lock_guard again(state().mutex);
            if (!is_valid()) {
                return misuse(illegal_address);
            }
        }

        std::memmove(destination, source, size);
        return 0;
    });
}

}  // namespace

int cuMemcpyHtoDAsync_v2(cuda::Address destination, const void* source, std::size_t size, cuda::Stream stream) {
    std::unique_lock lock(state().mutex);
    if (const int result = enter_in_context("cuMemcpyHtoDAsync_v2")) {
        return result;
    }

    return copy(lock, reinterpret_cast<void*>(destination), true, source, false, size, stream);
}

int cuMemcpyDtoHAsync_v2(void* destination, cuda::Address source, std::size_t size, cuda::Stream stream) {
    std::unique_lock lock(state().mutex);
    if (const int result = enter_in_context("cuMemcpyDtoHAsync_v2")) {
        return result;
    }

    return copy(lock, destination, false, reinterpret_cast<const void*>(source), true, size, stream);
}

int cuMemcpyDtoDAsync_v2(cuda::Address destination, cuda::Address source, std::size_t size, cuda::Stream stream) {
    std::unique_lock lock(state().mutex);
    if (const int result = enter_in_context("cuMemcpyDtoDAsync_v2")) {
        return result;
    }

    return copy(lock, reinterpret_cast<void*>(destination), true, reinterpret_cast<const void*>(source), true, size,
                stream);
}

int cuMemsetD8Async(cuda::Address destination, unsigned char value, std::size_t count, cuda::Stream stream) {
    std::unique_lock lock(state().mutex);
    if (const int result = enter_in_context("cuMemsetD8Async")) {
        return result;
    }

    if (!is_allocated(destination, count)) {
        return misuse(cuda::error_invalid_value);
    }

    return enqueue(lock, stream, [=] {
        {
            const std::lock_guard again(state().mutex);
            if (!is_allocated(destination, count)) {
                return misuse(illegal_address);
            }
        }

        std::memset(reinterpret_cast<void*>(destination), value, count);
        return 0;
    });
}
