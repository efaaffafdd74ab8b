#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <string>

#include "cuda_driver.hpp"
#include "latentsync_rt.h"

namespace lsrt {

/// Something whose end frees what a device holds. Device::retire decides when that may happen.
class Retirable {
  public:
    Retirable() = default;
    Retirable(const Retirable&) = delete;
    Retirable& operator=(const Retirable&) = delete;
    virtual ~Retirable() = default;

  private:
    friend class Device;
    Retirable* next_ = nullptr;
};

/// What lsrt_device_counters reports, as it is counted.
struct DeviceCounters {
    std::atomic<std::int64_t> copies_to_device{0};
    std::atomic<std::int64_t> bytes_to_device{0};
    std::atomic<std::int64_t> copies_to_host{0};
    std::atomic<std::int64_t> bytes_to_host{0};
    std::atomic<std::int64_t> copies_on_device{0};
    std::atomic<std::int64_t> kernel_launches{0};
    std::atomic<std::int64_t> engine_enqueues{0};
    std::atomic<std::int64_t> captures{0};
    std::atomic<std::int64_t> graph_launches{0};
    std::atomic<std::int64_t> live_buffers{0};
};

/// One device's primary context, retained, with a memory pool of ours. Safe to use from several threads at a time.
class Device {
  public:
    /// `driver` must outlive the device.
    Device(const CudaDriver& driver, std::int32_t ordinal);
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    ~Device();

    const CudaApi& api() const noexcept { return driver_.api(); }
    const CudaDriver& driver() const noexcept { return driver_; }
    std::int32_t ordinal() const noexcept { return ordinal_; }
    cuda::Context context() const noexcept { return context_; }
    /// Null where the device has no pools.
    cuda::MemoryPool pool() const noexcept { return pool_; }
    DeviceCounters& counters() noexcept { return counters_; }
    const DeviceCounters& counters() const noexcept { return counters_; }

    bool is_lost() const noexcept { return is_lost_.load(std::memory_order_acquire); }
    /// Throws DEVICE_LOST, with what was reported when it happened, if the device is lost.
    void require_alive() const;

    /// Throws unless `result` is success, with the status that the number stands for; numbers without a meaning of
    /// their own become `otherwise`. Marks the device lost where the number says so.
    void check(cuda::Result result, const char* call, lsrt_status otherwise = LSRT_STATUS_DRIVER) const;
    /// The same for a step of a capture: whatever hinders a graph, but a lost device, is CAPTURE, want of memory too,
    /// for the work can still be enqueued plainly.
    void check_capture(cuda::Result result, const char* call) const;
    /// The same for a call that enqueued work, or recorded it.
    void check_enqueued(cuda::Result result, const char* call, bool is_recording,
                        lsrt_status otherwise = LSRT_STATUS_DRIVER) const;

    void synchronize();
    /// Waits for all work, then gives the memory that the pool holds beyond its buffers back to the driver. Throws
    /// INVALID_STATE while a stream captures.
    void trim();
    lsrt_memory_info memory() const;
    void reset_counters() noexcept;

    /// Bookkeeping of buffers (`size` bytes more, or less if negative) and of pinned memory.
    void count_buffer(std::int64_t size) noexcept;
    void count_pinned(std::int64_t size) noexcept { pinned_ += size; }

    /// Whether a stream of this device captures.
    bool is_capturing() const noexcept { return captures_.load(std::memory_order_acquire) > 0; }
    /// Calls `begin`, which starts a capture, while nothing is being allocated; counts the capture if it returns.
    template <typename Begin>
    void begin_capture(Begin&& begin) {
        const std::unique_lock lock(capture_mutex_);
        begin();
        ++captures_;
    }
    /// Counts a capture as over, whatever came of it, and frees what was retired meanwhile if it was the last one.
    void end_capture() noexcept;
    /// Whether what is enqueued on `stream` now is recorded. The context must be current.
    bool is_recording(cuda::Stream stream) const noexcept;

    /// Deletes `object`, at once or, while a stream captures, when that has ended: destroying never fails, and nothing
    /// that a capture has seen is freed before the capture's end. In the order of the calls.
    void retire(Retirable* object) noexcept;

  private:
    friend class AllocationScope;

    [[noreturn]] void lose(const std::string& message) const;

    const CudaDriver& driver_;
    std::int32_t ordinal_;
    cuda::Device handle_;
    cuda::Context context_ = nullptr;
    cuda::MemoryPool pool_ = nullptr;
    std::int64_t total_memory_ = 0;

    DeviceCounters counters_;
    std::atomic<std::int64_t> used_{0};
    std::atomic<std::int64_t> used_high_{0};
    std::atomic<std::int64_t> pinned_{0};

    // Loss is found by calls that leave the device's own state as it is, const ones among them.
    mutable std::atomic<bool> is_lost_{false};
    mutable std::mutex lost_mutex_;
    mutable std::string lost_message_;

    // Held shared while something is allocated, freed or loaded, and alone while a capture begins.
    std::shared_mutex capture_mutex_;
    std::atomic<std::int32_t> captures_{0};
    std::mutex retired_mutex_;
    Retirable* retired_first_ = nullptr;
    Retirable* retired_last_ = nullptr;
};

/// Makes a device's context current on this thread, and the thread's former one again at its end.
class ContextScope {
  public:
    /// Throws DEVICE_LOST if the device is lost.
    explicit ContextScope(const Device& device);
    /// For destructors: goes on without the context if it cannot be had, so that every release is at least tried.
    ContextScope(const Device& device, std::nothrow_t) noexcept;
    ContextScope(const ContextScope&) = delete;
    ContextScope& operator=(const ContextScope&) = delete;
    ~ContextScope();

  private:
    const CudaApi& api_;
    bool is_pushed_;
};

/// A ContextScope in which memory may be allocated and code loaded: no capture is under way, and none begins before
/// its end. Not to be nested on one thread, and nothing may be retired within.
class AllocationScope {
  public:
    /// Throws INVALID_STATE while a stream of the device captures.
    explicit AllocationScope(Device& device);

  private:
    std::shared_lock<std::shared_mutex> lock_;
    ContextScope context_;
};

}  // namespace lsrt
