#include <algorithm>
#include <cstring>
#include <string>

#include "cuda_driver.hpp"
#include "error.hpp"
#include "latentsync_rt.h"
#include "tensorrt_library.hpp"
#include "text.hpp"

struct lsrt_cuda_driver {
    lsrt::CudaDriver driver;
};

struct lsrt_tensorrt {
    lsrt::TensorRtLibrary library;
};

namespace {

using lsrt::guard;
using lsrt::require;

#if defined(NDEBUG)
constexpr std::int32_t is_debug = 0;
#else
constexpr std::int32_t is_debug = 1;
#endif

// The sizes of version 1 of each struct: what every caller has at least.
constexpr std::int64_t runtime_info_minimum = 32;
constexpr std::int64_t cuda_device_minimum = 288;
constexpr std::int64_t tensorrt_info_minimum = 24;

/// A copy of the caller's options in which fields unknown to the caller are zero.
template <typename Options>
Options read_options(const Options* options) {
    Options known{};
    if (options != nullptr) {
        require(options->struct_size >= static_cast<std::int64_t>(sizeof options->struct_size),
                "struct_size is not set");
        std::memcpy(&known, options,
                    static_cast<std::size_t>(std::min<std::int64_t>(options->struct_size, sizeof known)));
    }

    return known;
}

/// Writes as much of `value` as the caller's struct has room for; its struct_size stays as it was.
template <typename Value>
void write(Value value, Value* destination, std::int64_t minimum_size) {
    require(destination != nullptr, "the struct to fill is null");
    require(destination->struct_size >= minimum_size, "struct_size is not set");
    value.struct_size = destination->struct_size;
    std::memcpy(destination, &value, static_cast<std::size_t>(std::min<std::int64_t>(value.struct_size, sizeof value)));
}

template <typename Object>
const Object& checked(const Object* object) {
    require(object != nullptr, "the object is null");
    return *object;
}

template <typename T>
T& out(T* pointer) {
    require(pointer != nullptr, "an out-parameter is null");
    return *pointer;
}

}  // namespace

int32_t lsrt_abi_version(void) { return LSRT_ABI_VERSION; }

lsrt_status lsrt_version_string(char* buffer, int64_t capacity, int64_t* length) {
    return guard([&] {
        const std::string version = std::to_string(LSRT_VERSION_MAJOR) + "." + std::to_string(LSRT_VERSION_MINOR) +
                                    "." + std::to_string(LSRT_VERSION_PATCH);
        lsrt::copy_out_or_throw(version, buffer, capacity, length);
    });
}

lsrt_status lsrt_last_error(char* buffer, int64_t capacity, int64_t* length) {
    // Not through guard, which would replace the message that is being asked for.
    try {
        return lsrt::copy_out(lsrt::last_message(), buffer, capacity, length) ? LSRT_STATUS_OK
                                                                              : LSRT_STATUS_BUFFER_TOO_SMALL;
    } catch (...) {
        return LSRT_STATUS_INVALID_ARGUMENT;
    }
}

lsrt_status lsrt_runtime_info_get(lsrt_runtime_info* info) {
    return guard([&] {
        lsrt_runtime_info value{};
        value.abi_version = LSRT_ABI_VERSION;
        value.version_major = LSRT_VERSION_MAJOR;
        value.version_minor = LSRT_VERSION_MINOR;
        value.version_patch = LSRT_VERSION_PATCH;
        value.pointer_bits = static_cast<std::int32_t>(8 * sizeof(void*));
        value.is_debug = is_debug;
        write(value, info, runtime_info_minimum);
    });
}

lsrt_status lsrt_cuda_driver_create(const lsrt_cuda_driver_options* options, lsrt_cuda_driver** driver) {
    return guard([&] {
        auto& result = out(driver);
        result = new lsrt_cuda_driver{lsrt::CudaDriver(read_options(options).library_path)};
    });
}

lsrt_status lsrt_cuda_driver_destroy(lsrt_cuda_driver* driver) {
    return guard([&] { delete driver; });
}

lsrt_status lsrt_cuda_driver_version(const lsrt_cuda_driver* driver, int32_t* version) {
    return guard([&] { out(version) = checked(driver).driver.version(); });
}

lsrt_status lsrt_cuda_driver_path(const lsrt_cuda_driver* driver, char* buffer, int64_t capacity, int64_t* length) {
    return guard([&] { lsrt::copy_out_or_throw(checked(driver).driver.path(), buffer, capacity, length); });
}

lsrt_status lsrt_cuda_driver_device_count(const lsrt_cuda_driver* driver, int32_t* count) {
    return guard([&] { out(count) = checked(driver).driver.device_count(); });
}

lsrt_status lsrt_cuda_driver_device(const lsrt_cuda_driver* driver, int32_t index, lsrt_cuda_device* device) {
    return guard([&] {
        require(device != nullptr, "the struct to fill is null");
        write(checked(driver).driver.device(index), device, cuda_device_minimum);
    });
}

lsrt_status lsrt_tensorrt_create(const lsrt_tensorrt_options* options, lsrt_tensorrt** tensorrt) {
    return guard([&] {
        auto& result = out(tensorrt);
        const lsrt_tensorrt_options known = read_options(options);
        result = new lsrt_tensorrt{lsrt::TensorRtLibrary(known.directory, known.major)};
    });
}

lsrt_status lsrt_tensorrt_destroy(lsrt_tensorrt* tensorrt) {
    return guard([&] { delete tensorrt; });
}

lsrt_status lsrt_tensorrt_info_get(const lsrt_tensorrt* tensorrt, lsrt_tensorrt_info* info) {
    return guard([&] {
        const lsrt::TensorRtLibrary& library = checked(tensorrt).library;
        lsrt_tensorrt_info value{};
        value.major = library.major();
        value.minor = library.minor();
        value.patch = library.patch();
        value.has_onnx_parser = library.has_onnx_parser() ? 1 : 0;
        write(value, info, tensorrt_info_minimum);
    });
}

lsrt_status lsrt_tensorrt_path(const lsrt_tensorrt* tensorrt, char* buffer, int64_t capacity, int64_t* length) {
    return guard([&] { lsrt::copy_out_or_throw(checked(tensorrt).library.path(), buffer, capacity, length); });
}

lsrt_status lsrt_tensorrt_onnx_parser_path(const lsrt_tensorrt* tensorrt, char* buffer, int64_t capacity,
                                           int64_t* length) {
    return guard(
        [&] { lsrt::copy_out_or_throw(checked(tensorrt).library.onnx_parser_path(), buffer, capacity, length); });
}
