#include "cuda_driver.hpp"

#include "error.hpp"

namespace lsrt {

namespace {

// CUdevice_attribute in cuda.h; the driver's ABI fixes the numbers.
constexpr int attribute_multiprocessor_count = 16;
constexpr int attribute_compute_capability_major = 75;
constexpr int attribute_compute_capability_minor = 76;

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
      get_error_name_(library_.get<decltype(get_error_name_)>("cuGetErrorName")),
      get_error_string_(library_.get<decltype(get_error_string_)>("cuGetErrorString")),
      init_(library_.get<decltype(init_)>("cuInit")),
      driver_get_version_(library_.get<decltype(driver_get_version_)>("cuDriverGetVersion")),
      device_get_count_(library_.get<decltype(device_get_count_)>("cuDeviceGetCount")),
      device_get_(library_.get<decltype(device_get_)>("cuDeviceGet")),
      device_get_name_(library_.get<decltype(device_get_name_)>("cuDeviceGetName")),
      // The name without the suffix is the ABI of 2010, with 32-bit sizes.
      device_total_mem_(library_.get<decltype(device_total_mem_)>("cuDeviceTotalMem_v2")),
      device_get_attribute_(library_.get<decltype(device_get_attribute_)>("cuDeviceGetAttribute")) {
    check(init_(0), "cuInit");
}

std::int32_t CudaDriver::version() const {
    int version = 0;
    check(driver_get_version_(&version), "cuDriverGetVersion");
    return version;
}

std::int32_t CudaDriver::device_count() const {
    int count = 0;
    check(device_get_count_(&count), "cuDeviceGetCount");
    return count;
}

lsrt_cuda_device CudaDriver::device(std::int32_t index) const {
    require(index >= 0 && index < device_count(), "device index out of range");
    Device handle = 0;
    check(device_get_(&handle, index), "cuDeviceGet");
    lsrt_cuda_device device{};
    device.ordinal = index;
    check(device_get_name_(device.name, sizeof device.name, handle), "cuDeviceGetName");
    device.name[sizeof device.name - 1] = '\0';
    std::size_t memory = 0;
    check(device_total_mem_(&memory, handle), "cuDeviceTotalMem_v2");
    device.total_memory = static_cast<std::int64_t>(memory);
    device.compute_major = attribute(handle, attribute_compute_capability_major, "compute capability");
    device.compute_minor = attribute(handle, attribute_compute_capability_minor, "compute capability");
    device.multiprocessors = attribute(handle, attribute_multiprocessor_count, "multiprocessor count");
    return device;
}

std::int32_t CudaDriver::attribute(Device device, int attribute, const char* name) const {
    int value = 0;
    check(device_get_attribute_(&value, attribute, device), name);
    return value;
}

void CudaDriver::check(Result result, const char* call) const {
    if (result == 0) {
        return;
    }

    const char* name = nullptr;
    const char* text = nullptr;
    get_error_name_(result, &name);
    get_error_string_(result, &text);
    throw Failure(LSRT_STATUS_DRIVER,
                  library_.path() + ": " + call + " failed: " + (name != nullptr ? name : "unknown") + " (" +
                      std::to_string(result) + ")" + (text != nullptr ? std::string(": ") + text : std::string()));
}

}  // namespace lsrt
