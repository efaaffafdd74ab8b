#pragma once

#include <NvInfer.h>

namespace lsrt_double {

/// The two functions of the CUDA driver that the double needs, of the driver (or its double) that the process has
/// loaded.
class Cuda {
  public:
    Cuda();

    bool is_capturing(cudaStream_t stream) const;
    /// Throws std::runtime_error with the driver's number if it refuses.
    void launch(cudaStream_t stream, void (*function)(void*), void* user) const;

  private:
    int (*is_capturing_)(cudaStream_t stream, int* status);
    int (*launch_host_function_)(cudaStream_t stream, void (*function)(void*), void* user);
};

/// Throws std::runtime_error if no CUDA driver is loaded.
const Cuda& loaded_cuda();

}  // namespace lsrt_double
