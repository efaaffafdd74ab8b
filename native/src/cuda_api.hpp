#pragma once

#include <cstddef>
#include <cstdint>

#include "shared_library.hpp"

/// The types and numbers of the driver's C interface, which is stable across its versions. Numbers are those of the
/// enumerations in the "CUDA Driver API" reference manual; each bears the name it has there, without CU_.
namespace lsrt::cuda {

using Result = int;
using Device = int;
using Address = std::uint64_t;

using Context = struct ContextHandle*;
using MemoryPool = struct MemoryPoolHandle*;
using Stream = struct StreamHandle*;
using Event = struct EventHandle*;
using Module = struct ModuleHandle*;
using Function = struct FunctionHandle*;
using Graph = struct GraphHandle*;
using GraphNode = struct GraphNodeHandle*;
using GraphExecution = struct GraphExecutionHandle*;

using HostFunction = void (*)(void* user);

struct MemoryPoolProperties {
    int allocation_type;
    int handle_types;
    int location_type;
    int location_id;
    void* security_attributes;
    std::size_t maximum_size;
    unsigned char reserved[56];
};
static_assert(sizeof(MemoryPoolProperties) == 88);

constexpr Result success = 0;
constexpr Result error_invalid_value = 1;
constexpr Result error_out_of_memory = 2;
constexpr Result error_invalid_handle = 400;
constexpr Result error_not_found = 500;
constexpr Result error_not_ready = 600;

constexpr int device_attribute_multiprocessor_count = 16;
constexpr int device_attribute_compute_capability_major = 75;
constexpr int device_attribute_compute_capability_minor = 76;
constexpr int device_attribute_memory_pools_supported = 115;

constexpr int mem_allocation_type_pinned = 1;
constexpr int mem_location_type_device = 1;
constexpr int mempool_attr_release_threshold = 4;
constexpr int mempool_attr_reserved_mem_current = 5;
constexpr unsigned int memhostalloc_portable = 1;

constexpr unsigned int stream_non_blocking = 1;
constexpr unsigned int event_blocking_sync = 1;
constexpr unsigned int event_disable_timing = 2;
constexpr int stream_capture_mode_thread_local = 1;
constexpr int stream_capture_status_none = 0;

constexpr int jit_error_log_buffer = 5;
constexpr int jit_error_log_buffer_size_bytes = 6;
constexpr int func_attribute_max_threads_per_block = 0;

// CU_LAUNCH_PARAM_END, _BUFFER_POINTER and _BUFFER_SIZE.
inline void* const launch_param_end = nullptr;
inline void* const launch_param_buffer_pointer = reinterpret_cast<void*>(1);
inline void* const launch_param_buffer_size = reinterpret_cast<void*>(2);

}  // namespace lsrt::cuda

namespace lsrt {

/// The driver's functions, each resolved by its exported name.
struct CudaApi {
    /// Throws LIBRARY_UNUSABLE, naming the function, if one is missing.
    explicit CudaApi(const SharedLibrary& library);

#define LSRT_CUDA_SYMBOL(name, parameters) cuda::Result(*name) parameters;
#include "cuda_symbols.def"
#undef LSRT_CUDA_SYMBOL
};

}  // namespace lsrt
