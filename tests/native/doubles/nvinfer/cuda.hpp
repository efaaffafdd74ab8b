#pragma once

#include <NvInfer.h>

#include <cstdint>

namespace lsrt_double {

/// The functions of the CUDA driver that the double needs, of the driver (or its double) that the process has loaded.
class Cuda {
  public:
    Cuda();

    bool is_capturing(cudaStream_t stream) const;
    /// Whether the calling thread has a context, as all that TensorRT frees on a device needs; also true of a driver
    /// that does not tell, and of a lost device, which gives none.
    bool has_context() const noexcept;
    /// Throws std::runtime_error with the driver's number if it refuses.
    void launch(cudaStream_t stream, void (*function)(void*), void* user) const;

  private:
    int (*is_capturing_)(cudaStream_t stream, int* status);
    int (*version_)(int* version);
    std::int64_t (*count_)(std::int32_t what);  // the double's; null for a real driver
    int (*launch_host_function_)(cudaStream_t stream, void (*function)(void*), void* user);
};

/// Throws std::runtime_error if no CUDA driver is loaded.
const Cuda& loaded_cuda();

/// To be called where something on the device is freed: counts a misuse if there is no context.
void require_cuda_context() noexcept;

}  // namespace lsrt_double
