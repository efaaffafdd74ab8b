#include "cuda.hpp"

#include <dlfcn.h>
#include <link.h>

#include <stdexcept>
#include <string>

#include "cuda_double.h"
#include "double.hpp"

namespace lsrt_double {

namespace {

/// The path of a loaded libcuda, whatever folder it came from.
int find_cuda(dl_phdr_info* info, std::size_t, void* result) {
    const std::string path = info->dlpi_name;
    if (path.substr(path.find_last_of('/') + 1).starts_with("libcuda.so")) {
        *static_cast<std::string*>(result) = path;
        return 1;
    }

    return 0;
}

void check(int result, const char* call) {
    if (result != 0) {
        throw std::runtime_error(std::string(call) + " failed: " + std::to_string(result));
    }
}

}  // namespace

Cuda::Cuda() {
    std::string path;
    dl_iterate_phdr(find_cuda, &path);
    void* library = path.empty() ? nullptr : dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD);
    if (library == nullptr) {
        throw std::runtime_error("no libcuda is loaded");
    }

    is_capturing_ = reinterpret_cast<decltype(is_capturing_)>(dlsym(library, "cuStreamIsCapturing"));
    launch_host_function_ = reinterpret_cast<decltype(launch_host_function_)>(dlsym(library, "cuLaunchHostFunc"));
    version_ = reinterpret_cast<decltype(version_)>(dlsym(library, "cuDriverGetVersion"));
    count_ = reinterpret_cast<decltype(count_)>(dlsym(library, "lsrt_double_count"));
    if (is_capturing_ == nullptr || launch_host_function_ == nullptr || version_ == nullptr) {
        throw std::runtime_error(path + " lacks cuStreamIsCapturing, cuLaunchHostFunc or cuDriverGetVersion");
    }
}

bool Cuda::is_capturing(cudaStream_t stream) const {
    int status = 0;
    check(is_capturing_(stream, &status), "cuStreamIsCapturing");
    return status != 0;
}

bool Cuda::has_context() const noexcept {
    int version = 0;
    return count_ == nullptr || version_(&version) != 0 || count_(LSRT_DOUBLE_CURRENT_CONTEXTS) > 0;
}

void Cuda::launch(cudaStream_t stream, void (*function)(void*), void* user) const {
    check(launch_host_function_(stream, function, user), "cuLaunchHostFunc");
}

const Cuda& loaded_cuda() {
    static const Cuda cuda;
    return cuda;
}

void require_cuda_context() noexcept {
    try {
        if (!loaded_cuda().has_context()) {
            ++counters().misuses;
        }
    } catch (const std::exception&) {
        // Without a driver there is nothing to free.
    }
}

}  // namespace lsrt_double
