#include "device.hpp"

#include <limits>
#include <utility>

#include "cuda_results.hpp"
#include "error.hpp"

namespace lsrt {

namespace {

cuda::MemoryPool create_pool(const CudaApi& api, cuda::Device device, cuda::Result& result) noexcept {
    cuda::MemoryPoolProperties properties{};
    properties.allocation_type = cuda::mem_allocation_type_pinned;
    properties.location_type = cuda::mem_location_type_device;
    properties.location_id = device;
    cuda::MemoryPool pool = nullptr;
    result = api.cuMemPoolCreate(&pool, &properties);
    if (result != cuda::success) {
        return nullptr;
    }

    // Freed memory stays in the pool until it is trimmed: jobs allocate the same sizes over and over, and a driver call
    // that maps memory anew costs more than a frame may.
    std::uint64_t threshold = std::numeric_limits<std::uint64_t>::max();
    result = api.cuMemPoolSetAttribute(pool, cuda::mempool_attr_release_threshold, &threshold);
    if (result != cuda::success) {
        api.cuMemPoolDestroy(pool);
        return nullptr;
    }

    return pool;
}

}  // namespace

Device::Device(const CudaDriver& driver, std::int32_t ordinal)
    : driver_(driver), ordinal_(ordinal), handle_(driver.handle(ordinal)) {
    total_memory_ = driver.device(ordinal).total_memory;
    const bool has_pools =
        driver.attribute(handle_, cuda::device_attribute_memory_pools_supported, "memory pools supported") != 0;
    check(api().cuDevicePrimaryCtxRetain(&context_, handle_), "cuDevicePrimaryCtxRetain");
    try {
        if (has_pools) {
            const ContextScope context(*this);
            cuda::Result result = cuda::success;
            pool_ = create_pool(api(), handle_, result);
            check(result, "cuMemPoolCreate");
        }
    } catch (...) {
        api().cuDevicePrimaryCtxRelease_v2(handle_);
        throw;
    }
}

Device::~Device() {
    if (pool_ != nullptr) {
        const ContextScope context(*this, std::nothrow);
        api().cuMemPoolDestroy(pool_);
    }

    api().cuDevicePrimaryCtxRelease_v2(handle_);
}

void Device::require_alive() const {
    if (is_lost()) {
        const std::lock_guard lock(lost_mutex_);
        throw Failure(LSRT_STATUS_DEVICE_LOST, "the device is lost: " + lost_message_);
    }
}

void Device::check(cuda::Result result, const char* call, lsrt_status otherwise) const {
    if (result == cuda::success) {
        return;
    }

    const std::string message = driver_.describe(result, call);
    const lsrt_status status = status_of(result, otherwise);
    if (status == LSRT_STATUS_DEVICE_LOST) {
        lose(message);
    }

    throw Failure(status, message);
}

void Device::check_capture(cuda::Result result, const char* call) const {
    if (result == cuda::success) {
        return;
    }

    const std::string message = driver_.describe(result, call);
    if (status_of(result, LSRT_STATUS_CAPTURE) == LSRT_STATUS_DEVICE_LOST) {
        lose(message);
    }

    throw Failure(LSRT_STATUS_CAPTURE, message);
}

void Device::check_enqueued(cuda::Result result, const char* call, bool is_recording, lsrt_status otherwise) const {
    if (is_recording) {
        check_capture(result, call);
    } else {
        check(result, call, otherwise);
    }
}

void Device::lose(const std::string& message) const {
    {
        const std::lock_guard lock(lost_mutex_);
        if (!is_lost()) {
            lost_message_ = message;
            is_lost_.store(true, std::memory_order_release);
        }
    }

    throw Failure(LSRT_STATUS_DEVICE_LOST, message);
}

void Device::synchronize() {
    const ContextScope context(*this);
    check(api().cuCtxSynchronize(), "cuCtxSynchronize");
}

void Device::trim() {
    const AllocationScope scope(*this);
    // Buffers are freed in their stream's order: before that is done the pool cannot part with them.
    check(api().cuCtxSynchronize(), "cuCtxSynchronize");
    if (pool_ != nullptr) {
        check(api().cuMemPoolTrimTo(pool_, 0), "cuMemPoolTrimTo");
    }
}

lsrt_memory_info Device::memory() const {
    lsrt_memory_info info{};
    info.total = total_memory_;
    info.used = used_;
    info.used_high = used_high_;
    info.reserved = info.used;
    info.pinned = pinned_;
    info.has_memory_pool = pool_ != nullptr ? 1 : 0;
    // A lost device answers no question, but this is the call that tells of the loss.
    if (!is_lost()) {
        const ContextScope context(*this);
        std::size_t available = 0;
        std::size_t total = 0;
        check(api().cuMemGetInfo_v2(&available, &total), "cuMemGetInfo_v2");
        info.free = static_cast<std::int64_t>(available);
        info.total = static_cast<std::int64_t>(total);
        if (pool_ != nullptr) {
            std::uint64_t reserved = 0;
            check(api().cuMemPoolGetAttribute(pool_, cuda::mempool_attr_reserved_mem_current, &reserved),
                  "cuMemPoolGetAttribute");
            info.reserved = static_cast<std::int64_t>(reserved);
        }
    }

    info.is_lost = is_lost() ? 1 : 0;
    return info;
}

void Device::reset_counters() noexcept {
    for (auto* counter : {&counters_.copies_to_device, &counters_.bytes_to_device, &counters_.copies_to_host,
                          &counters_.bytes_to_host, &counters_.copies_on_device, &counters_.kernel_launches,
                          &counters_.engine_enqueues, &counters_.captures, &counters_.graph_launches}) {
        *counter = 0;
    }

    used_high_ = used_.load();
}

void Device::count_buffer(std::int64_t size) noexcept {
    counters_.live_buffers += size > 0 ? 1 : -1;
    const std::int64_t used = used_ += size;
    std::int64_t high = used_high_;
    while (high < used && !used_high_.compare_exchange_weak(high, used)) {
    }
}

void Device::end_capture() noexcept {
    // Under the lock to the end: a stream that another thread destroys meanwhile must not go before the retired buffers
    // that are freed in its order.
    const std::unique_lock lock(capture_mutex_);
    if (--captures_ > 0) {
        return;
    }

    Retirable* object = std::exchange(retired_first_, nullptr);
    retired_last_ = nullptr;
    while (object != nullptr) {
        delete std::exchange(object, object->next_);
    }
}

bool Device::is_recording(cuda::Stream stream) const noexcept {
    if (!is_capturing()) {
        return false;
    }

    int status = cuda::stream_capture_status_none;
    return api().cuStreamIsCapturing(stream, &status) == cuda::success && status != cuda::stream_capture_status_none;
}

void Device::retire(Retirable* object) noexcept {
    if (object == nullptr) {
        return;
    }

    const std::shared_lock lock(capture_mutex_);
    if (!is_capturing()) {
        delete object;
        return;
    }

    const std::lock_guard list_lock(retired_mutex_);
    object->next_ = nullptr;
    (retired_last_ != nullptr ? retired_last_->next_ : retired_first_) = object;
    retired_last_ = object;
}

ContextScope::ContextScope(const Device& device) : api_(device.api()), is_pushed_(true) {
    device.require_alive();
    device.check(api_.cuCtxPushCurrent_v2(device.context()), "cuCtxPushCurrent_v2");
}

ContextScope::ContextScope(const Device& device, std::nothrow_t) noexcept
    : api_(device.api()), is_pushed_(api_.cuCtxPushCurrent_v2(device.context()) == cuda::success) {}

ContextScope::~ContextScope() {
    if (is_pushed_) {
        cuda::Context popped = nullptr;
        api_.cuCtxPopCurrent_v2(&popped);
    }
}

AllocationScope::AllocationScope(Device& device) : lock_(device.capture_mutex_), context_(device) {
    if (device.is_capturing()) {
        throw Failure(LSRT_STATUS_INVALID_STATE, "nothing may be allocated or loaded while a stream captures");
    }
}

}  // namespace lsrt
