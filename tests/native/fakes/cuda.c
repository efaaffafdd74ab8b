/* A CUDA driver of version 12.4 with two devices, or one whose cuInit fails with FAKE_CUDA_INIT. */
#include <stddef.h>
#include <string.h>

int cuInit(unsigned int flags);
int cuDriverGetVersion(int* version);
int cuDeviceGetCount(int* count);
int cuDeviceGet(int* device, int ordinal);
int cuDeviceGetName(char* name, int length, int device);
int cuDeviceTotalMem_v2(size_t* bytes, int device);
int cuDeviceGetAttribute(int* value, int attribute, int device);
int cuGetErrorName(int result, const char** name);
int cuGetErrorString(int result, const char** text);

int cuInit(unsigned int flags) { return flags == 0 ? FAKE_CUDA_INIT : 1; }

int cuDriverGetVersion(int* version) {
    *version = 12040;
    return 0;
}

int cuDeviceGetCount(int* count) {
    *count = 2;
    return 0;
}

int cuDeviceGet(int* device, int ordinal) {
    *device = 40 + ordinal; /* handles need not equal ordinals */
    return 0;
}

int cuDeviceGetName(char* name, int length, int device) {
    /* Like strncpy: a name that fills the buffer is not closed by a zero. */
    if (device == 40) {
        strncpy(name, "Fake One", (size_t)length);
    } else {
        memset(name, 'x', (size_t)length);
    }
    return 0;
}

int cuDeviceTotalMem_v2(size_t* bytes, int device) {
    *bytes = device == 40 ? (size_t)24 << 30 : (size_t)139 << 30;
    return 0;
}

int cuDeviceGetAttribute(int* value, int attribute, int device) {
    switch (attribute) {
        case 16:
            *value = device == 40 ? 84 : 132;
            return 0;
        case 75:
            *value = device == 40 ? 8 : 9;
            return 0;
        case 76:
            *value = device == 40 ? 6 : 0;
            return 0;
        default:
            return 1;
    }
}

int cuGetErrorName(int result, const char** name) {
    *name = result == 100 ? "CUDA_ERROR_NO_DEVICE" : "CUDA_ERROR_INVALID_VALUE";
    return 0;
}

int cuGetErrorString(int result, const char** text) {
    *text = result == 100 ? "no CUDA-capable device is detected" : "invalid argument";
    return 0;
}
