#include "exports.hpp"

#include <string>

#include "engine.hpp"
#include "objects.hpp"
#include "text.hpp"

using namespace lsrt;

namespace {

#if defined(NDEBUG)
constexpr std::int32_t is_debug = 0;
#else
constexpr std::int32_t is_debug = 1;
#endif

// The sizes of version 1 of each struct: what every caller has at least.
constexpr std::int64_t runtime_info_minimum = 32;
constexpr std::int64_t cuda_device_minimum = 288;

}  // namespace

int32_t lsrt_abi_version(void) { return LSRT_ABI_VERSION; }

lsrt_status lsrt_version_string(char* buffer, int64_t capacity, int64_t* length) {
    return guard([&] {
        const std::string version = std::to_string(LSRT_VERSION_MAJOR) + "." + std::to_string(LSRT_VERSION_MINOR) +
                                    "." + std::to_string(LSRT_VERSION_PATCH);
        copy_out_or_throw(version, buffer, capacity, length);
    });
}

lsrt_status lsrt_last_error(char* buffer, int64_t capacity, int64_t* length) {
    // Not through guard, which would replace the message that is being asked for.
    try {
        return copy_out(last_message(), buffer, capacity, length) ? LSRT_STATUS_OK : LSRT_STATUS_BUFFER_TOO_SMALL;
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
        value.tensorrt_major = tensorrt_headers_version() / 10000;
        value.tensorrt_version = tensorrt_headers_version();
        write(value, info, runtime_info_minimum);
    });
}

lsrt_status lsrt_cuda_driver_create(const lsrt_cuda_driver_options* options, lsrt_cuda_driver** driver) {
    return guard([&] {
        auto& result = out(driver);
        result = new lsrt_cuda_driver{CudaDriver(read_options(options).library_path)};
    });
}

lsrt_status lsrt_cuda_driver_destroy(lsrt_cuda_driver* driver) {
    return guard([&] { delete driver; });
}

lsrt_status lsrt_cuda_driver_version(const lsrt_cuda_driver* driver, int32_t* version) {
    return guard([&] { out(version) = checked(driver).driver.version(); });
}

lsrt_status lsrt_cuda_driver_path(const lsrt_cuda_driver* driver, char* buffer, int64_t capacity, int64_t* length) {
    return guard([&] { copy_out_or_throw(checked(driver).driver.path(), buffer, capacity, length); });
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
