/* The header compiles as C11, and the layouts are those that the managed side declares. */
#include <stddef.h>

#include "latentsync_rt.h"

_Static_assert(sizeof(lsrt_runtime_info) == 32, "lsrt_runtime_info");
_Static_assert(offsetof(lsrt_runtime_info, abi_version) == 8, "abi_version");
_Static_assert(offsetof(lsrt_runtime_info, version_patch) == 20, "version_patch");
_Static_assert(offsetof(lsrt_runtime_info, is_debug) == 28, "is_debug");

_Static_assert(sizeof(lsrt_cuda_driver_options) == 16, "lsrt_cuda_driver_options");
_Static_assert(offsetof(lsrt_cuda_driver_options, library_path) == 8, "library_path");

_Static_assert(sizeof(lsrt_cuda_device) == 288, "lsrt_cuda_device");
_Static_assert(offsetof(lsrt_cuda_device, total_memory) == 8, "total_memory");
_Static_assert(offsetof(lsrt_cuda_device, ordinal) == 16, "ordinal");
_Static_assert(offsetof(lsrt_cuda_device, multiprocessors) == 28, "multiprocessors");
_Static_assert(offsetof(lsrt_cuda_device, name) == 32, "name");

_Static_assert(sizeof(lsrt_tensorrt_options) == 24, "lsrt_tensorrt_options");
_Static_assert(offsetof(lsrt_tensorrt_options, directory) == 8, "directory");
_Static_assert(offsetof(lsrt_tensorrt_options, major) == 16, "major");

_Static_assert(sizeof(lsrt_tensorrt_info) == 24, "lsrt_tensorrt_info");
_Static_assert(offsetof(lsrt_tensorrt_info, has_onnx_parser) == 20, "has_onnx_parser");

int32_t abi_version_seen_from_c(void);

int32_t abi_version_seen_from_c(void) { return lsrt_abi_version(); }
