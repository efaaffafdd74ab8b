#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "cuda_double_state.hpp"

// Memory Management and the Stream Ordered Memory Allocator.

using namespace cuda_double;

namespace {

int current_device() { return current_contexts().back()->device; }

std::int64_t used_on(int device) {
    std::int64_t used = 0;
    for (const auto& entry : state().allocations) {
        used += entry.second.device == device ? static_cast<std::int64_t>(entry.second.size) : 0;
    }

    return used;
}

bool fits(std::int64_t used, std::size_t size, std::int64_t total) {
    const std::int64_t limit = state().memory_limit >= 0 ? state().memory_limit : total;
    return size <= static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max()) && used <= limit &&
           static_cast<std::int64_t>(size) <= limit - used;
}

/// Not rounded up, so that AddressSanitizer sees the first byte beyond; filled, so that nobody relies on zeros.
void* allocate(std::size_t size, std::size_t alignment) {
    void* memory = nullptr;
    if (posix_memalign(&memory, alignment, size) != 0) {
        return nullptr;
    }

    return std::memset(memory, 0xFF, size);
}

int allocate_on_device(cuda::Address* address, std::size_t size, int device, Pool* pool) {
    if (size == 0) {
        return misuse(cuda::error_invalid_value);
    }

    void* memory =
        fits(used_on(device), size, static_cast<std::int64_t>(total_memory(device))) ? allocate(size, 256) : nullptr;
    if (memory == nullptr) {
        return cuda::error_out_of_memory;
    }

    *address = reinterpret_cast<cuda::Address>(memory);
    state().allocations.emplace(*address, Allocation{size, device, pool});
    if (pool != nullptr) {
        pool->used += size;
        pool->used_high = std::max(pool->used_high, pool->used);
        pool->reserved_high = std::max(pool->reserved_high, pool->used);
    }

    return 0;
}

int free_on_device(cuda::Address address) {
    const auto found = state().allocations.find(address);
    if (found == state().allocations.end()) {
        return misuse(cuda::error_invalid_value);
    }

    if (found->second.pool != nullptr) {
        found->second.pool->used -= found->second.size;
    }

    state().allocations.erase(found);
    std::free(reinterpret_cast<void*>(address));
    return 0;
}

}  // namespace

int cuMemGetInfo_v2(std::size_t* available, std::size_t* total) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuMemGetInfo_v2")) {
        return result;
    }

    *total = total_memory(current_device());
    *available = *total - static_cast<std::size_t>(used_on(current_device()));
    return 0;
}

int cuMemAlloc_v2(cuda::Address* address, std::size_t size) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuMemAlloc_v2")) {
        return result;
    }

    if (const int result = forbid_while_capturing()) {
        return result;
    }

    return allocate_on_device(address, size, current_device(), nullptr);
}

int cuMemFree_v2(cuda::Address address) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuMemFree_v2");
    if (result == 0 && is_capturing_thread()) {
        return forbid_while_capturing();
    }

    if (result != 0 && result != state().lost_result) {
        return result;
    }

    const int freed = free_on_device(address);
    return result != 0 ? result : freed;
}

int cuMemPoolCreate(cuda::MemoryPool* pool, const cuda::MemoryPoolProperties* properties) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuMemPoolCreate")) {
        return result;
    }

    if (!state().has_pools) {
        return not_supported;
    }

    const int device = properties->location_id - 40;
    if (properties->allocation_type != cuda::mem_allocation_type_pinned ||
        properties->location_type != cuda::mem_location_type_device || device < 0 || device >= device_count) {
        return misuse(cuda::error_invalid_value);
    }

    *pool = state().pools.add<cuda::MemoryPool>(std::make_shared<Pool>(Pool{device}));
    return 0;
}

int cuMemPoolDestroy(cuda::MemoryPool pool) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuMemPoolDestroy");
    const auto found = state().pools.find(pool);
    // The driver would wait for the last free; a program that has none coming leaks.
    if (!found || found->used != 0) {
        return misuse(cuda::error_invalid_value);
    }

    state().pools.remove(pool);
    return result;
}

int cuMemPoolGetAttribute(cuda::MemoryPool pool, int attribute, void* value) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuMemPoolGetAttribute")) {
        return result;
    }

    const auto found = state().pools.find(pool);
    if (!found) {
        return misuse(cuda::error_invalid_value);
    }

    auto& number = *static_cast<std::uint64_t*>(value);
    switch (attribute) {
        case cuda::mempool_attr_release_threshold:
            number = found->release_threshold;
            return 0;
        case cuda::mempool_attr_reserved_mem_current:
            number = std::max(found->used, std::min(found->release_threshold, found->reserved_high));
            return 0;
        default:
            return cuda::error_invalid_value;
    }
}

int cuMemPoolSetAttribute(cuda::MemoryPool pool, int attribute, void* value) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuMemPoolSetAttribute")) {
        return result;
    }

    const auto found = state().pools.find(pool);
    if (!found || attribute != cuda::mempool_attr_release_threshold) {
        return misuse(cuda::error_invalid_value);
    }

    found->release_threshold = *static_cast<std::uint64_t*>(value);
    return 0;
}

int cuMemPoolTrimTo(cuda::MemoryPool pool, std::size_t least) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuMemPoolTrimTo")) {
        return result;
    }

    const auto found = state().pools.find(pool);
    if (!found) {
        return misuse(cuda::error_invalid_value);
    }

    found->reserved_high = std::max<std::uint64_t>(found->used, std::min<std::uint64_t>(found->reserved_high, least));
    return 0;
}

int cuMemAllocFromPoolAsync(cuda::Address* address, std::size_t size, cuda::MemoryPool pool, cuda::Stream stream) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuMemAllocFromPoolAsync")) {
        return result;
    }

    const auto found = state().pools.find(pool);
    const auto on = state().streams.find(stream);
    if (!found || !on) {
        return misuse(cuda::error_invalid_handle);
    }

    // The driver records an allocation node; to programs of ours, whose graphs hold addresses only, that is a fault.
    if (on->capture) {
        on->capture->is_invalid = true;
        return misuse(capture_unsupported);
    }

    return allocate_on_device(address, size, found->device, found.get());
}

int cuMemFreeAsync(cuda::Address address, cuda::Stream stream) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuMemFreeAsync");
    const auto on = state().streams.find(stream);
    if (!on) {
        return misuse(cuda::error_invalid_handle);
    }

    if (on->capture) {
        on->capture->is_invalid = true;
        return misuse(capture_unsupported);
    }

    if (result != 0 && result != state().lost_result) {
        return result;
    }

    const int freed = free_on_device(address);
    return result != 0 ? result : freed;
}

int cuMemHostAlloc(void** pointer, std::size_t size, unsigned int flags) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuMemHostAlloc")) {
        return result;
    }

    if (const int result = forbid_while_capturing()) {
        return result;
    }

    std::int64_t used = 0;
    for (const auto& entry : state().pinned) {
        used += static_cast<std::int64_t>(entry.second);
    }

    if (size == 0 || flags > 7) {
        return misuse(cuda::error_invalid_value);
    }

    void* memory = fits(used, size, std::int64_t{1} << 40) ? allocate(size, 4096) : nullptr;
    if (memory == nullptr) {
        return cuda::error_out_of_memory;
    }

    state().pinned.emplace(memory, size);
    *pointer = memory;
    return 0;
}

int cuMemFreeHost(void* pointer) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuMemFreeHost");
    if (result == 0 && is_capturing_thread()) {
        return forbid_while_capturing();
    }

    if (result != 0 && result != state().lost_result) {
        return result;
    }

    if (state().pinned.erase(pointer) != 1) {
        return misuse(cuda::error_invalid_value);
    }

    std::free(pointer);
    return result;
}
