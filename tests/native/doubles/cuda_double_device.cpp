#include <algorithm>
#include <cstring>

#include "cuda_double_state.hpp"

// Error Handling, Initialization, Device Management and Context Management.

using namespace cuda_double;

namespace {

// Handles need not equal ordinals.
constexpr int first_device = 40;

bool is_device(int device) { return device >= first_device && device < first_device + device_count; }

struct ErrorText {
    int result;
    const char* name;
    const char* text;
};

// The names are those of CUresult.
constexpr ErrorText error_texts[] = {
    {0, "CUDA_SUCCESS", "no error"},
    {1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {100, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {201, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {218, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {400, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {401, "CUDA_ERROR_ILLEGAL_STATE", "the operation cannot be performed in the present state"},
    {500, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {600, "CUDA_ERROR_NOT_READY", "device not ready"},
    {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
    {719, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {801, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {900, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"},
    {901, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", "operation failed due to a previous error during capture"},
    {904, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "capturing stream has unjoined work"},
};

const ErrorText* find_error(int result) {
    for (const ErrorText& error : error_texts) {
        if (error.result == result) {
            return &error;
        }
    }

    return nullptr;
}

}  // namespace

int cuGetErrorName(int result, const char** name) {
    const ErrorText* error = find_error(result);
    *name = error != nullptr ? error->name : nullptr;
    return error != nullptr ? 0 : cuda::error_invalid_value;
}

int cuGetErrorString(int result, const char** text) {
    const ErrorText* error = find_error(result);
    *text = error != nullptr ? error->text : nullptr;
    return error != nullptr ? 0 : cuda::error_invalid_value;
}

int cuInit(unsigned int flags) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuInit")) {
        return result;
    }

    return flags == 0 ? CUDA_DOUBLE_INIT : cuda::error_invalid_value;
}

int cuDriverGetVersion(int* version) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuDriverGetVersion")) {
        return result;
    }

    *version = 12040;
    return 0;
}

int cuDeviceGetCount(int* count) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuDeviceGetCount")) {
        return result;
    }

    *count = device_count;
    return 0;
}

int cuDeviceGet(int* device, int ordinal) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuDeviceGet")) {
        return result;
    }

    *device = first_device + ordinal;
    return ordinal >= 0 && ordinal < device_count ? 0 : cuda::error_invalid_value;
}

int cuDeviceGetName(char* name, int length, int device) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuDeviceGetName")) {
        return result;
    }

    // Like strncpy: a name that fills the buffer is not closed by a zero.
    const auto size = static_cast<std::size_t>(length);
    std::memset(name, device == first_device ? 0 : 'x', size);
    if (device == first_device) {
        std::memcpy(name, "Fake One", std::min(size, sizeof "Fake One"));
    }

    return 0;
}

int cuDeviceTotalMem_v2(std::size_t* bytes, int device) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuDeviceTotalMem_v2")) {
        return result;
    }

    *bytes = total_memory(device - first_device);
    return 0;
}

int cuDeviceGetAttribute(int* value, int attribute, int device) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuDeviceGetAttribute")) {
        return result;
    }

    switch (attribute) {
        case cuda::device_attribute_multiprocessor_count:
            *value = device == first_device ? 84 : 132;
            return 0;
        case cuda::device_attribute_compute_capability_major:
            *value = device == first_device ? 8 : 9;
            return 0;
        case cuda::device_attribute_compute_capability_minor:
            *value = device == first_device ? 6 : 0;
            return 0;
        case cuda::device_attribute_memory_pools_supported:
            *value = state().has_pools ? 1 : 0;
            return 0;
        default:
            return cuda::error_invalid_value;
    }
}

int cuDevicePrimaryCtxRetain(cuda::Context* context, int device) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuDevicePrimaryCtxRetain")) {
        return result;
    }

    if (!is_device(device)) {
        return misuse(101);
    }

    Context& retained = state().contexts[device - first_device];
    ++retained.retained;
    *context = reinterpret_cast<cuda::Context>(&retained);
    return 0;
}

int cuDevicePrimaryCtxRelease_v2(int device) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuDevicePrimaryCtxRelease_v2");
    if (!is_device(device) || state().contexts[device - first_device].retained == 0) {
        return misuse(invalid_context);
    }

    --state().contexts[device - first_device].retained;
    return result;
}

int cuCtxPushCurrent_v2(cuda::Context handle) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter("cuCtxPushCurrent_v2")) {
        return result;
    }

    auto* context = reinterpret_cast<Context*>(handle);
    if ((context != &state().contexts[0] && context != &state().contexts[1]) || context->retained == 0) {
        return misuse(invalid_context);
    }

    current_contexts().push_back(context);
    return 0;
}

int cuCtxPopCurrent_v2(cuda::Context* handle) {
    const std::lock_guard lock(state().mutex);
    const int result = enter("cuCtxPopCurrent_v2");
    if (current_contexts().empty()) {
        return misuse(invalid_context);
    }

    *handle = reinterpret_cast<cuda::Context>(current_contexts().back());
    current_contexts().pop_back();
    return result;
}

int cuCtxSynchronize(void) {
    const std::lock_guard lock(state().mutex);
    if (const int result = enter_in_context("cuCtxSynchronize")) {
        return result;
    }

    return forbid_while_capturing();
}
