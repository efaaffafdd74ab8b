#pragma once

#include <cstdint>
#include <string>

#include "cuda_api.hpp"
#include "latentsync_rt.h"
#include "shared_library.hpp"

namespace lsrt {

/// The CUDA driver, reached through its exported C functions so that no CUDA toolkit is needed to build.
class CudaDriver {
  public:
    /// Opens `library_path`, or the system's driver if it is null, and initialises it.
    explicit CudaDriver(const char* library_path);

    const CudaApi& api() const noexcept { return api_; }
    const std::string& path() const noexcept { return library_.path(); }

    std::int32_t version() const;
    std::int32_t device_count() const;
    lsrt_cuda_device device(std::int32_t index) const;

    /// The driver's own number for the device of that index. Throws INVALID_ARGUMENT if there is none.
    cuda::Device handle(std::int32_t index) const;
    std::int32_t attribute(cuda::Device device, int attribute, const char* name) const;

    /// The sentence about a failed call: library, call, the error's name, number and text.
    std::string describe(cuda::Result result, const char* call) const;

  private:
    void check(cuda::Result result, const char* call) const;

    SharedLibrary library_;
    CudaApi api_;
};

}  // namespace lsrt
