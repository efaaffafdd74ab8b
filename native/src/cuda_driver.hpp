#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "latentsync_rt.h"
#include "shared_library.hpp"

namespace lsrt {

/// The CUDA driver, reached through its exported C functions so that no CUDA toolkit is needed to build.
class CudaDriver {
  public:
    /// Opens `library_path`, or the system's driver if it is null, and initialises it.
    explicit CudaDriver(const char* library_path);

    std::int32_t version() const;
    std::int32_t device_count() const;
    lsrt_cuda_device device(std::int32_t index) const;
    const std::string& path() const noexcept { return library_.path(); }

  private:
    // CUresult and CUdevice are ints in the driver's C interface, which is stable across its versions.
    using Result = int;
    using Device = int;

    void check(Result result, const char* call) const;
    std::int32_t attribute(Device device, int attribute, const char* name) const;

    SharedLibrary library_;
    Result (*get_error_name_)(Result, const char**);
    Result (*get_error_string_)(Result, const char**);
    Result (*init_)(unsigned int);
    Result (*driver_get_version_)(int*);
    Result (*device_get_count_)(int*);
    Result (*device_get_)(Device*, int);
    Result (*device_get_name_)(char*, int, Device);
    Result (*device_total_mem_)(std::size_t*, Device);
    Result (*device_get_attribute_)(int*, int, Device);
};

}  // namespace lsrt
