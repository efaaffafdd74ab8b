#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "device.hpp"
#include "latentsync_rt.h"
#include "stream.hpp"
#include "tensorrt_library.hpp"

// What each flavour implements behind the same exports: tensorrt/ with TensorRT's headers, no_tensorrt.cpp without.

namespace lsrt {

/// Bytes that are handed out to the caller.
class Blob {
  public:
    virtual ~Blob() = default;
    virtual const void* data() const noexcept = 0;
    virtual std::int64_t size() const noexcept = 0;
};

/// A profile, shapes and addresses with which an engine runs. Serves one thread at a time.
class Execution {
  public:
    virtual ~Execution() = default;
    virtual void set_memory(std::uint64_t address, std::int64_t size) = 0;
    virtual void set_shape(const std::string& input, const std::int64_t* extents, std::int32_t rank) = 0;
    virtual void set_address(const std::string& tensor, std::uint64_t address) = 0;
    /// Writes LSRT_MAX_RANK extents, those behind the rank 0, and returns the rank.
    virtual std::int32_t shape(const std::string& tensor, std::int64_t* extents) const = 0;
    virtual std::int64_t activation_size() = 0;
    virtual void enqueue(Stream& stream) = 0;
};

/// A deserialised plan. Must outlive its executions.
class Engine {
  public:
    virtual ~Engine() = default;
    virtual lsrt_engine_info info() const = 0;
    virtual lsrt_engine_tensor tensor(std::int32_t index) const = 0;
    /// Each array receives LSRT_MAX_RANK extents; returns the rank.
    virtual std::int32_t profile_shape(const std::string& input, std::int32_t profile, std::int64_t* min,
                                       std::int64_t* opt, std::int64_t* max) const = 0;
    virtual void refit(const std::string& model_path) = 0;
    virtual std::unique_ptr<Blob> serialize() const = 0;
    virtual std::unique_ptr<Execution> create_execution(std::int32_t profile, Stream& stream) = 0;
    /// The log callback is not called any more, while the engine itself may live on until a capture ends.
    virtual void detach_log() noexcept = 0;
};

struct BuiltEngine {
    std::unique_ptr<Blob> plan;
    std::unique_ptr<Blob> timing_cache;  // null unless it was wanted
};

/// The version of the headers that this flavour was built with, major x 10000 + minor x 100 + patch; 0 without.
std::int32_t tensorrt_headers_version() noexcept;

BuiltEngine build_engine(const TensorRtLibrary& library, Device& device, const lsrt_build_options& options,
                         const lsrt_callbacks& callbacks, bool wants_timing_cache);

/// `second`'s entries win.
std::unique_ptr<Blob> merge_timing_caches(const TensorRtLibrary& library, Device& device, const void* first,
                                          std::int64_t first_size, const void* second, std::int64_t second_size);

/// A negative budget keeps all weights on the device.
std::unique_ptr<Engine> create_engine(const TensorRtLibrary& library, Device& device, const void* plan,
                                      std::int64_t size, std::int64_t weight_streaming_budget,
                                      const lsrt_callbacks& callbacks);

}  // namespace lsrt
