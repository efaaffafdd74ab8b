/*
 * latentsync_rt: the native runtime of the LatentSync lip-sync engine.
 *
 * Rules that hold for every call, unless the call says otherwise:
 *
 * - Errors. A call returns LSRT_STATUS_OK or the kind of failure; the sentence about it is kept per thread and copied
 * out by lsrt_last_error(). No C++ exception leaves the library. On failure out-parameters keep the value they had.
 * - Ownership. `create` hands an object to the caller, who gives it to the matching `destroy` exactly once; `destroy`
 * takes NULL. Objects do not own one another. Strings and structs passed in are read during the call only.
 * - Memory. All pointers are to host memory.
 * - Threads. Any call may come from any thread. Calls on one object may run at the same time, except that `destroy`
 * must be the last one.
 * - Streams. No call enqueues work on, or waits for, a CUDA stream.
 * - Text is UTF-8. A text is copied out as (buffer, capacity, length): `length` receives its size in bytes without the
 *   closing zero; what fits, cut between characters, is written to `buffer` and closed by a zero. If it does not fit,
 * the call returns LSRT_STATUS_BUFFER_TOO_SMALL, unless capacity is 0 (then buffer may be NULL): that asks for the
 * size.
 * - Structs start with `struct_size`, which the caller sets to sizeof the struct it was compiled with. The library
 * neither reads nor writes beyond it, so that later versions can append fields.
 * - Integers that mean true or false are 0 or 1.
 */
#ifndef LATENTSYNC_RT_H
#define LATENTSYNC_RT_H

#include <stdint.h>

#if defined(_WIN32)
#if defined(LSRT_BUILDING)
#define LSRT_API __declspec(dllexport)
#else
#define LSRT_API __declspec(dllimport)
#endif
#else
#define LSRT_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Raised whenever a caller compiled against an older header would misbehave. */
#define LSRT_ABI_VERSION 1

/* Outcome of a call. The values are part of the ABI. */
typedef int32_t lsrt_status;
#define LSRT_STATUS_OK 0
/* A null, an index out of range, a struct_size that is too small. */
#define LSRT_STATUS_INVALID_ARGUMENT 1
/* Host memory. */
#define LSRT_STATUS_OUT_OF_MEMORY 2
/* A vendor library could not be loaded; the message lists what was tried. */
#define LSRT_STATUS_LIBRARY_MISSING 3
/* A vendor library was loaded, but lacks a function or has the wrong version. */
#define LSRT_STATUS_LIBRARY_UNUSABLE 4
/* The CUDA driver reported an error; the message has its name and number. */
#define LSRT_STATUS_DRIVER 5
/* A copied-out text did not fit. */
#define LSRT_STATUS_BUFFER_TOO_SMALL 6
/* A defect of this library. */
#define LSRT_STATUS_INTERNAL 7

/* ---- The library itself ---------------------------------------------------------------------------------- */

/* The ABI version of the loaded library, to be compared with LSRT_ABI_VERSION before any other call. Cannot fail. */
LSRT_API int32_t lsrt_abi_version(void);

/* Copies out the library's version, "major.minor.patch". */
LSRT_API lsrt_status lsrt_version_string(char* buffer, int64_t capacity, int64_t* length);

/*
 * Copies out the message of the calling thread's latest failed call, one line; empty if none failed. Calls that
 * succeed, and this call itself whatever it returns, leave the message as it is.
 */
LSRT_API lsrt_status lsrt_last_error(char* buffer, int64_t capacity, int64_t* length);

/* How the loaded library was built. */
typedef struct lsrt_runtime_info {
    int64_t struct_size;   /* in: sizeof(lsrt_runtime_info) */
    int32_t abi_version;   /* LSRT_ABI_VERSION of the library */
    int32_t version_major; /* the library's version */
    int32_t version_minor;
    int32_t version_patch;
    int32_t pointer_bits; /* 64 */
    int32_t is_debug;     /* 1 if it was built with assertions */
} lsrt_runtime_info;

/* Fills `info`, which the caller owns and whose struct_size is set. Fails with INVALID_ARGUMENT only. */
LSRT_API lsrt_status lsrt_runtime_info_get(lsrt_runtime_info* info);

/* ---- CUDA driver ----------------------------------------------------------------------------------------- */

/* The CUDA driver of this machine, opened by name at run time and initialised. Makes no context and no allocation. */
typedef struct lsrt_cuda_driver lsrt_cuda_driver;

typedef struct lsrt_cuda_driver_options {
    int64_t struct_size;      /* sizeof(lsrt_cuda_driver_options) */
    const char* library_path; /* the one file to load; NULL: the system's libcuda.so.1 or nvcuda.dll */
} lsrt_cuda_driver_options;

typedef struct lsrt_cuda_device {
    int64_t struct_size;     /* in: sizeof(lsrt_cuda_device) */
    int64_t total_memory;    /* bytes */
    int32_t ordinal;         /* the driver's device number, 0-based */
    int32_t compute_major;   /* compute capability, 8 in sm_86 */
    int32_t compute_minor;   /* 6 in sm_86 */
    int32_t multiprocessors; /* streaming multiprocessors */
    char name[256];          /* zero-terminated */
} lsrt_cuda_device;

/*
 * Loads and initialises the driver. `options` may be NULL for the defaults. The loaded library stays in the process
 * after destroy: the driver keeps threads of its own and does not survive unloading. Fails with LIBRARY_MISSING,
 * LIBRARY_UNUSABLE, or DRIVER (a driver without a device, or of another version than its kernel module, is such a
 * case).
 */
LSRT_API lsrt_status lsrt_cuda_driver_create(const lsrt_cuda_driver_options* options, lsrt_cuda_driver** driver);

/* Releases the object. NULL is taken. Cannot fail. */
LSRT_API lsrt_status lsrt_cuda_driver_destroy(lsrt_cuda_driver* driver);

/* The newest CUDA version the driver serves: 1000 x major + 10 x minor, 12040 for 12.4. */
LSRT_API lsrt_status lsrt_cuda_driver_version(const lsrt_cuda_driver* driver, int32_t* version);

/* Copies out the path of the loaded driver library. */
LSRT_API lsrt_status lsrt_cuda_driver_path(const lsrt_cuda_driver* driver, char* buffer, int64_t capacity,
                                           int64_t* length);

/* How many devices the driver shows to this process. */
LSRT_API lsrt_status lsrt_cuda_driver_device_count(const lsrt_cuda_driver* driver, int32_t* count);

/*
 * Fills `device`, which the caller owns and whose struct_size is set, with the device of that index, 0 <= index <
 * count. Fails with INVALID_ARGUMENT or DRIVER.
 */
LSRT_API lsrt_status lsrt_cuda_driver_device(const lsrt_cuda_driver* driver, int32_t index, lsrt_cuda_device* device);

/* ---- TensorRT -------------------------------------------------------------------------------------------- */

/* TensorRT's libraries on this machine, opened by name at run time. */
typedef struct lsrt_tensorrt lsrt_tensorrt;

typedef struct lsrt_tensorrt_options {
    int64_t struct_size;   /* sizeof(lsrt_tensorrt_options) */
    const char* directory; /* the only folder to look in; NULL: where the system's loader looks */
    int32_t major;         /* 10 or 11; 0: the newest one found */
    int32_t reserved;      /* 0 */
} lsrt_tensorrt_options;

typedef struct lsrt_tensorrt_info {
    int64_t struct_size; /* in: sizeof(lsrt_tensorrt_info) */
    int32_t major;       /* as the library says it, not as its file is named */
    int32_t minor;
    int32_t patch;
    int32_t has_onnx_parser; /* 1 if libnvonnxparser of the same major version was found beside it */
} lsrt_tensorrt_info;

/*
 * Loads TensorRT and, if it is there, its ONNX parser. `options` may be NULL for the defaults. Creates no builder,
 * runtime or CUDA context. The loaded libraries stay in the process after destroy. Fails with INVALID_ARGUMENT (a major
 * version other than 0, 10, 11), LIBRARY_MISSING or LIBRARY_UNUSABLE. A missing parser is no failure: built plans run
 * without it.
 */
LSRT_API lsrt_status lsrt_tensorrt_create(const lsrt_tensorrt_options* options, lsrt_tensorrt** tensorrt);

/* Releases the object. NULL is taken. Cannot fail. */
LSRT_API lsrt_status lsrt_tensorrt_destroy(lsrt_tensorrt* tensorrt);

/* Fills `info`, which the caller owns and whose struct_size is set. Fails with INVALID_ARGUMENT only. */
LSRT_API lsrt_status lsrt_tensorrt_info_get(const lsrt_tensorrt* tensorrt, lsrt_tensorrt_info* info);

/* Copies out the path of the loaded nvinfer library. */
LSRT_API lsrt_status lsrt_tensorrt_path(const lsrt_tensorrt* tensorrt, char* buffer, int64_t capacity, int64_t* length);

/* Copies out the path of the loaded nvonnxparser library; if there is none, what was tried and why it failed. */
LSRT_API lsrt_status lsrt_tensorrt_onnx_parser_path(const lsrt_tensorrt* tensorrt, char* buffer, int64_t capacity,
                                                    int64_t* length);

#ifdef __cplusplus
}
#endif

#endif
