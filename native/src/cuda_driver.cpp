#include "cuda_driver.hpp"

#include <vector>

#include "error.hpp"

namespace lsrt {

namespace {

std::vector<std::string> candidates(const char* library_path) {
    if (library_path != nullptr) {
        return {library_path};
    }

#if defined(_WIN32)
    return {"nvcuda.dll"};
#else
    // The second is where containers get the driver mounted, the third where Windows' Linux subsystem puts it.
    return {"libcuda.so.1", "/usr/local/nvidia/lib64/libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1"};
#endif
}

}  // namespace

CudaDriver::CudaDriver(const char* library_path)
    : library_(SharedLibrary::open("CUDA driver", candidates(library_path),
                                   "Install NVIDIA's driver (in a container: start it with the GPU passed through)")),
      api_(library_) {
    check(api_.cuInit(0), "cuInit");
}

std::int32_t CudaDriver::version() const {
    int version = 0;
    check(api_.cuDriverGetVersion(&version), "cuDriverGetVersion");
    return version;
}

std::int32_t CudaDriver::device_count() const {
    int count = 0;
    check(api_.cuDeviceGetCount(&count), "cuDeviceGetCount");
    return count;
}

lsrt_cuda_device CudaDriver::device(std::int32_t index) const {
    const cuda::Device handle = this->handle(index);
    lsrt_cuda_device device{};
    device.ordinal = index;
    check(api_.cuDeviceGetName(device.name, sizeof device.name, handle), "cuDeviceGetName");
    device.name[sizeof device.name - 1] = '\0';
    std::size_t memory = 0;
    check(api_.cuDeviceTotalMem_v2(&memory, handle), "cuDeviceTotalMem_v2");
    device.total_memory = static_cast<std::int64_t>(memory);
    device.compute_major = attribute(handle, cuda::device_attribute_compute_capability_major, "compute capability");
    device.compute_minor = attribute(handle, cuda::device_attribute_compute_capability_minor, "compute capability");
    device.multiprocessors = attribute(handle, cuda::device_attribute_multiprocessor_count, "multiprocessor count");
    return device;
}

cuda::Device CudaDriver::handle(std::int32_t index) const {
    require(index >= 0 && index < device_count(), "device index out of range");
    cuda::Device handle = 0;
    check(api_.cuDeviceGet(&handle, index), "cuDeviceGet");
    return handle;
}

std::int32_t CudaDriver::attribute(cuda::Device device, int attribute, const char* name) const {
    int value = 0;
    check(api_.cuDeviceGetAttribute(&value, attribute, device), name);
    return value;
}

std::string CudaDriver::describe(cuda::Result result, const char* call) const {
    const char* name = nullptr;
    const char* text = nullptr;
    api_.cuGetErrorName(result, &name);
    api_.cuGetErrorString(result, &text);
    return library_.path() + ": " + call + " failed: " + (name != nullptr ? name : "unknown") + " (" +
           std::to_string(result) + ")" + (text != nullptr ? std::string(": ") + text : std::string());
}

void CudaDriver::check(cuda::Result result, const char* call) const {
    if (result != cuda::success) {
        throw Failure(LSRT_STATUS_DRIVER, describe(result, call));
    }
}

}  // namespace lsrt
