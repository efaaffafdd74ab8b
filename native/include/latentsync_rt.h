/*
 * latentsync_rt: the native runtime of the LatentSync lip-sync engine.
 *
 * The library comes in three flavours with the same exports: latentsync_rt (CUDA only), latentsync_rt_trt10 and
 * latentsync_rt_trt11 (built against the headers of that major version of TensorRT). None links CUDA or TensorRT: both
 * are opened at run time. A process uses one flavour. Calls that need TensorRT fail with UNSUPPORTED in the others.
 *
 * Rules that hold for every call, unless the call says otherwise:
 *
 * - Errors. A call returns LSRT_STATUS_OK or the kind of failure; the sentence about it is kept per thread and copied
 * out by lsrt_last_error(). No C++ exception leaves the library. On failure out-parameters keep the value they had.
 * - Ownership. `create` hands an object to the caller, who gives it to the matching `destroy` exactly once; `destroy`
 * takes NULL and never fails, on a lost device too. An object made from another one (`create` takes it) must be
 * destroyed before it. Strings, structs and arrays passed in are read during the call only.
 * - Memory. Pointers are to host memory. Device memory is named by an lsrt_buffer with an offset, or by its address as
 * a uint64_t; sizes and offsets are in bytes.
 * - Threads. Any call may come from any thread: the device's primary context is made current for the call's length and
 * the thread's former context restored. Calls on one object may run at the same time, except that `destroy` must be
 * the last one, and that stream, graph and execution objects serve one thread at a time.
 * - Streams. Calls that take a stream enqueue on it and return without waiting; the others neither enqueue nor wait.
 * - Capture. While a stream of a device captures, nothing is allocated, freed or loaded on that device: such calls fail
 * with INVALID_STATE, and what is destroyed meanwhile is freed when the capture has ended. lsrt_engine_build and
 * lsrt_timing_cache_merge are refused then too, but may take minutes, in which a capture may begin on another thread:
 * what TensorRT's builder allocates for itself goes on beside it and is no part of it.
 * - Text is UTF-8. A text is copied out as (buffer, capacity, length): `length` receives its size in bytes without the
 *   closing zero; what fits, cut between characters, is written to `buffer` and closed by a zero. If it does not fit,
 * the call returns LSRT_STATUS_BUFFER_TOO_SMALL, unless capacity is 0 (then buffer may be NULL): that asks for the
 * size.
 * - Structs start with `struct_size`, which the caller sets to sizeof the struct it was compiled with. The library
 * neither reads nor writes beyond it, so that later versions can append fields. Elements of arrays
 * (lsrt_profile_shape) have none: their layout changes with LSRT_ABI_VERSION only.
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

/* Raised whenever a caller compiled against an older or newer header would misbehave or miss a function. */
#define LSRT_ABI_VERSION 3

/* Outcome of a call. The values are part of the ABI. */
typedef int32_t lsrt_status;
#define LSRT_STATUS_OK 0
/* A null, an index out of range, a struct_size that is too small, a reserved field that is not 0. */
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
/* This flavour was built without TensorRT, or for another major version of it, or the device cannot do it. */
#define LSRT_STATUS_UNSUPPORTED 8
/* The call does not fit what came before it: an allocation while capturing, an end without a begin. */
#define LSRT_STATUS_INVALID_STATE 9
/* Device memory, or pinned host memory. */
#define LSRT_STATUS_DEVICE_OUT_OF_MEMORY 10
/* PTX that the driver's compiler refuses; the message has its log. */
#define LSRT_STATUS_KERNEL_COMPILATION 11
/* A kernel or a graph could not be launched. */
#define LSRT_STATUS_LAUNCH 12
/* Something in the sequence cannot be captured into a graph, or the capture was invalidated. The stream is usable. */
#define LSRT_STATUS_CAPTURE 13
/* The device or its context is gone (illegal address, ECC error, fallen off the bus); only destroy calls remain. */
#define LSRT_STATUS_DEVICE_LOST 14
/* A callback asked to stop. */
#define LSRT_STATUS_CANCELLED 15
/* TensorRT's parser or builder refuses the network; the message has its first error. */
#define LSRT_STATUS_BUILD 16
/* A plan or timing cache that is truncated, damaged, or of another TensorRT version or device. */
#define LSRT_STATUS_PLAN 17
/* An engine failed while running or refitting; the message has TensorRT's first error. */
#define LSRT_STATUS_EXECUTION 18

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
    int32_t pointer_bits;     /* 64 */
    int32_t is_debug;         /* 1 if it was built with assertions */
    int32_t tensorrt_major;   /* of the headers it was built with: 10, 11, or 0 for CUDA only */
    int32_t tensorrt_version; /* of those headers, major x 10000 + minor x 100 + patch; 0 for CUDA only */
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

/* ---- Device ---------------------------------------------------------------------------------------------- */

/*
 * One CUDA device: its primary context, retained, and a memory pool of ours on it. The primary context is the one that
 * TensorRT, ONNX Runtime and the CUDA runtime share. The driver object must outlive it.
 */
typedef struct lsrt_device lsrt_device;

/* Fails with INVALID_ARGUMENT (no such ordinal), DEVICE_OUT_OF_MEMORY or DRIVER. */
LSRT_API lsrt_status lsrt_device_create(const lsrt_cuda_driver* driver, int32_t ordinal, lsrt_device** device);
LSRT_API lsrt_status lsrt_device_destroy(lsrt_device* device);

/* Waits for all work on the device. Fails with DEVICE_LOST, LAUNCH (a kernel failed earlier) or DRIVER. */
LSRT_API lsrt_status lsrt_device_synchronize(lsrt_device* device);

/*
 * Gives memory that the pool keeps for later buffers back to the driver, for others to use: what destroyed buffers took
 * stays in the pool until then. Waits for all work on the device. Fails with INVALID_STATE while a stream captures, or
 * as lsrt_device_synchronize.
 */
LSRT_API lsrt_status lsrt_device_trim(lsrt_device* device);

typedef struct lsrt_memory_info {
    int64_t struct_size;     /* in: sizeof(lsrt_memory_info) */
    int64_t free;            /* bytes, of the whole device */
    int64_t total;           /* bytes, of the whole device */
    int64_t used;            /* bytes in buffers of this object */
    int64_t used_high;       /* the most that `used` was since create or the last reset */
    int64_t reserved;        /* bytes that the pool holds from the driver; equals `used` where there are no pools */
    int64_t pinned;          /* bytes of pinned host memory of this object */
    int32_t has_memory_pool; /* 0: the device lacks pools, buffers come from plain allocations */
    int32_t is_lost;         /* 1 once a call failed with DEVICE_LOST */
} lsrt_memory_info;

LSRT_API lsrt_status lsrt_device_memory(lsrt_device* device, lsrt_memory_info* info);

/* What was enqueued through this device object since create or the last reset. */
typedef struct lsrt_device_counters {
    int64_t struct_size; /* in: sizeof(lsrt_device_counters) */
    int64_t copies_to_device;
    int64_t bytes_to_device;
    int64_t copies_to_host;
    int64_t bytes_to_host;
    int64_t copies_on_device;
    int64_t kernel_launches; /* launched singly; those recorded into a capture are not counted here */
    int64_t engine_enqueues; /* likewise */
    int64_t captures;        /* captures that ended in a graph */
    int64_t graph_launches;
    int64_t live_buffers; /* buffers that exist now; a reset leaves it */
} lsrt_device_counters;

LSRT_API lsrt_status lsrt_device_counters_get(const lsrt_device* device, lsrt_device_counters* counters);
/* Sets the counters to 0 and `used_high` to `used`. */
LSRT_API lsrt_status lsrt_device_counters_reset(lsrt_device* device);

/* ---- Streams and events ---------------------------------------------------------------------------------- */

typedef struct lsrt_stream lsrt_stream;
typedef struct lsrt_event lsrt_event;

/* A stream that does not wait for the legacy default stream. */
LSRT_API lsrt_status lsrt_stream_create(lsrt_device* device, lsrt_stream** stream);
/* Waits for the stream's work first. */
LSRT_API lsrt_status lsrt_stream_destroy(lsrt_stream* stream);
/* Waits for the stream's work. Fails with DEVICE_LOST, LAUNCH or DRIVER. */
LSRT_API lsrt_status lsrt_stream_synchronize(lsrt_stream* stream);
/* The CUstream itself, for libraries that share it. */
LSRT_API lsrt_status lsrt_stream_handle(const lsrt_stream* stream, void** handle);
/* What is enqueued on `stream` from now on starts after the event's latest record. */
LSRT_API lsrt_status lsrt_stream_wait_event(lsrt_stream* stream, const lsrt_event* event);

/* A function that the stream calls on a thread of the driver's. It must not call this library, throw or block long. */
typedef void (*lsrt_host_function)(void* user);
/* Enqueues a call of `function`; it is capturable. `user` must live until it ran, or as long as the captured graph. */
LSRT_API lsrt_status lsrt_stream_host_function(lsrt_stream* stream, lsrt_host_function function, void* user);

/* `is_timing` 1: records times, for lsrt_event_elapsed. */
LSRT_API lsrt_status lsrt_event_create(lsrt_device* device, int32_t is_timing, lsrt_event** event);
LSRT_API lsrt_status lsrt_event_destroy(lsrt_event* event);
LSRT_API lsrt_status lsrt_event_record(lsrt_event* event, lsrt_stream* stream);
/* Waits until the latest record is reached; at once if there was none. */
LSRT_API lsrt_status lsrt_event_synchronize(lsrt_event* event);
/* `is_done` 1 if the latest record is reached or there was none. Does not wait. */
LSRT_API lsrt_status lsrt_event_query(lsrt_event* event, int32_t* is_done);
/* Milliseconds between two reached records of timing events. Fails with INVALID_STATE if one is not reached. */
LSRT_API lsrt_status lsrt_event_elapsed(const lsrt_event* start, const lsrt_event* end, float* milliseconds);

/* ---- Memory ---------------------------------------------------------------------------------------------- */

/* Device memory of the device's pool. */
typedef struct lsrt_buffer lsrt_buffer;
/* Page-locked host memory, for copies that overlap with compute. */
typedef struct lsrt_pinned lsrt_pinned;

/*
 * Allocates `size` > 0 bytes in the stream's order, not cleared, aligned to 256 bytes. The stream must outlive the
 * buffer. Usable on other streams after an event recorded behind this call. Fails with DEVICE_OUT_OF_MEMORY or
 * INVALID_STATE.
 */
LSRT_API lsrt_status lsrt_buffer_create(lsrt_stream* stream, int64_t size, lsrt_buffer** buffer);
/* Frees in the stream's order: work enqueued on that stream before may still use it. */
LSRT_API lsrt_status lsrt_buffer_destroy(lsrt_buffer* buffer);
/* The device address; constant for the buffer's life. */
LSRT_API lsrt_status lsrt_buffer_address(const lsrt_buffer* buffer, uint64_t* address);
LSRT_API lsrt_status lsrt_buffer_size(const lsrt_buffer* buffer, int64_t* size);

LSRT_API lsrt_status lsrt_pinned_create(lsrt_device* device, int64_t size, lsrt_pinned** pinned);
/* No enqueued copy may still use it. */
LSRT_API lsrt_status lsrt_pinned_destroy(lsrt_pinned* pinned);
LSRT_API lsrt_status lsrt_pinned_pointer(const lsrt_pinned* pinned, void** pointer);

/*
 * Copies, in the stream's order. Ranges are checked against the buffers. Host memory must stay as it is until the copy
 * is done, which a stream or event tells; only with pinned memory does the copy overlap with the host.
 */
LSRT_API lsrt_status lsrt_copy_to_device(lsrt_stream* stream, const void* source, lsrt_buffer* destination,
                                         int64_t offset, int64_t size);
LSRT_API lsrt_status lsrt_copy_to_host(lsrt_stream* stream, const lsrt_buffer* source, int64_t offset,
                                       void* destination, int64_t size);
LSRT_API lsrt_status lsrt_copy_on_device(lsrt_stream* stream, const lsrt_buffer* source, int64_t source_offset,
                                         lsrt_buffer* destination, int64_t destination_offset, int64_t size);
/* Sets `size` bytes to `value`. */
LSRT_API lsrt_status lsrt_fill(lsrt_stream* stream, lsrt_buffer* buffer, int64_t offset, int64_t size, uint8_t value);

/* ---- Kernels --------------------------------------------------------------------------------------------- */

/* PTX, compiled by the driver for the device. */
typedef struct lsrt_module lsrt_module;
/* One entry point of a module, which must outlive it. */
typedef struct lsrt_kernel lsrt_kernel;

/* `ptx` has `length` bytes; a closing zero is not needed. Fails with KERNEL_COMPILATION, message with the JIT log. */
LSRT_API lsrt_status lsrt_module_create(lsrt_device* device, const char* ptx, int64_t length, lsrt_module** module);
LSRT_API lsrt_status lsrt_module_destroy(lsrt_module* module);
/* Fails with INVALID_ARGUMENT if the module has no such entry. */
LSRT_API lsrt_status lsrt_kernel_create(lsrt_module* module, const char* entry, lsrt_kernel** kernel);
LSRT_API lsrt_status lsrt_kernel_destroy(lsrt_kernel* kernel);

typedef struct lsrt_launch {
    int64_t struct_size;                /* sizeof(lsrt_launch) */
    uint32_t grid_x, grid_y, grid_z;    /* blocks */
    uint32_t block_x, block_y, block_z; /* threads of a block */
    uint32_t shared_memory;             /* bytes a block */
    uint32_t reserved;                  /* 0 */
} lsrt_launch;

/*
 * Enqueues a launch; it is capturable. `parameters` holds the entry's parameters, each at its own alignment in order,
 * as PTX lays out its parameter space; it is copied during the call. Fails with LAUNCH, DEVICE_LOST or
 * INVALID_ARGUMENT.
 */
LSRT_API lsrt_status lsrt_kernel_launch(lsrt_kernel* kernel, lsrt_stream* stream, const lsrt_launch* launch,
                                        const void* parameters, int64_t size);

/* ---- Graphs ---------------------------------------------------------------------------------------------- */

/* A captured sequence, instantiated. It holds the addresses that were captured, not the memory behind them. */
typedef struct lsrt_graph lsrt_graph;

/*
 * From here on the stream records instead of running, in thread-local mode: the same thread must end it. Streams that
 * wait for one of its events join the capture and must be joined back before the end. What cannot be recorded, for want
 * of device memory too, fails with CAPTURE: abort the capture and enqueue the work plainly.
 */
LSRT_API lsrt_status lsrt_stream_begin_capture(lsrt_stream* stream);
/*
 * Ends the capture and instantiates it. Fails with CAPTURE (want of device memory included), OUT_OF_MEMORY,
 * INVALID_STATE or DEVICE_LOST; the stream runs again in any case.
 */
LSRT_API lsrt_status lsrt_stream_end_capture(lsrt_stream* stream, lsrt_graph** graph);
/* Ends a capture and drops what it recorded. Does nothing if none is under way. Cannot fail. */
LSRT_API lsrt_status lsrt_stream_abort_capture(lsrt_stream* stream);
/* Enqueues the whole graph. Fails with LAUNCH or DEVICE_LOST. */
LSRT_API lsrt_status lsrt_graph_launch(lsrt_graph* graph, lsrt_stream* stream);
LSRT_API lsrt_status lsrt_graph_node_count(const lsrt_graph* graph, int64_t* count);
LSRT_API lsrt_status lsrt_graph_destroy(lsrt_graph* graph);

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

/* ---- Building engines ------------------------------------------------------------------------------------ */

/* Severities: 0 internal error, 1 error, 2 warning, 3 information, 4 verbose. `message` is valid during the call. */
typedef void (*lsrt_log_callback)(void* user, int32_t severity, const char* message);

/*
 * Told of a build's progress: `phase` has done `step` of `step_count` steps, `depth` is the nesting of phases (0: the
 * outermost). Return 0 to stop the build. Comes from threads of TensorRT's.
 */
typedef int32_t (*lsrt_progress_callback)(void* user, const char* phase, int32_t depth, int32_t step,
                                          int32_t step_count);

/* Both may be NULL; they must not call this library, or throw. `user` is handed to both. */
typedef struct lsrt_callbacks {
    int64_t struct_size; /* sizeof(lsrt_callbacks) */
    lsrt_log_callback log;
    lsrt_progress_callback progress;
    void* user;
} lsrt_callbacks;

#define LSRT_MAX_RANK 8

/* The extents that one input may have in one optimization profile; an element of lsrt_build_options.shapes. */
typedef struct lsrt_profile_shape {
    const char* input;
    int32_t profile; /* 0-based; profiles are made in this order */
    int32_t rank;
    int64_t min[LSRT_MAX_RANK];
    int64_t opt[LSRT_MAX_RANK];
    int64_t max[LSRT_MAX_RANK];
} lsrt_profile_shape;

#define LSRT_BUILD_REFITTABLE 1
#define LSRT_BUILD_WEIGHT_STREAMING 2
/* Lets float32 products use TF32; off, float32 engines keep 24-bit mantissas. */
#define LSRT_BUILD_TF32 4

typedef struct lsrt_build_options {
    int64_t struct_size;              /* sizeof(lsrt_build_options) */
    const char* model_path;           /* the .onnx file; external data is found beside it */
    const lsrt_profile_shape* shapes; /* every input with dynamic extents, in every profile */
    int64_t shape_count;
    int64_t workspace_limit;  /* bytes of scratch memory that layers may use; 0: TensorRT's default */
    const void* timing_cache; /* of an earlier build with the same TensorRT and device; NULL with size 0: none */
    int64_t timing_cache_size;
    int32_t optimization_level; /* 0..5; -1: TensorRT's default */
    int32_t flags;              /* LSRT_BUILD_ */
    int32_t auxiliary_streams;  /* the most the engine may use; -1: TensorRT's default */
    int32_t reserved;           /* 0 */
} lsrt_build_options;

/* Bytes that the library hands out. */
typedef struct lsrt_blob lsrt_blob;

/* The bytes stay where they are until the blob is destroyed. */
LSRT_API lsrt_status lsrt_blob_data(const lsrt_blob* blob, const void** data, int64_t* size);
LSRT_API lsrt_status lsrt_blob_destroy(lsrt_blob* blob);

/*
 * ONNX to plan: a strongly typed network, so that precision is what the graph says. Blocks for seconds to many minutes
 * and uses the device. `callbacks` may be NULL, and so may `timing_cache`, which receives the given cache with what
 * this build measured. Fails with BUILD, CANCELLED, DEVICE_OUT_OF_MEMORY, PLAN (the timing cache does not fit; build
 * again without it), OUT_OF_MEMORY, UNSUPPORTED, INVALID_STATE (a stream captures), or INVALID_ARGUMENT.
 */
LSRT_API lsrt_status lsrt_engine_build(const lsrt_tensorrt* tensorrt, lsrt_device* device,
                                       const lsrt_build_options* options, const lsrt_callbacks* callbacks,
                                       lsrt_blob** plan, lsrt_blob** timing_cache);

/*
 * The entries of both caches, `second`'s winning. Fails with PLAN if either does not fit this TensorRT and device, or
 * with INVALID_STATE (a stream captures).
 */
LSRT_API lsrt_status lsrt_timing_cache_merge(const lsrt_tensorrt* tensorrt, lsrt_device* device, const void* first,
                                             int64_t first_size, const void* second, int64_t second_size,
                                             lsrt_blob** merged);

typedef struct lsrt_plan_info {
    int64_t struct_size; /* in: sizeof(lsrt_plan_info) */
    int32_t major;       /* the TensorRT that wrote it */
    int32_t minor;
    int32_t patch;
    int32_t build;
} lsrt_plan_info;

/* Reads a plan's header without TensorRT, in every flavour. Fails with PLAN if it is none. */
LSRT_API lsrt_status lsrt_plan_info_get(const void* plan, int64_t size, lsrt_plan_info* info);

/* ---- Running engines ------------------------------------------------------------------------------------- */

/* A deserialised plan with its runtime; weights are on the device. Its executions must be destroyed before it. */
typedef struct lsrt_engine lsrt_engine;

typedef struct lsrt_engine_options {
    int64_t struct_size;             /* sizeof(lsrt_engine_options) */
    int64_t weight_streaming_budget; /* bytes of weights kept on the device; -1, or more than there are: all */
} lsrt_engine_options;

/*
 * `plan` is read during the call. Its header is checked first: another TensorRT's plan fails with PLAN before TensorRT
 * sees it. `options` and `callbacks` may be NULL; the log callback is used until lsrt_engine_destroy
 * returns, by which time no call of it is under way, and not after.
 */
LSRT_API lsrt_status lsrt_engine_create(const lsrt_tensorrt* tensorrt, lsrt_device* device, const void* plan,
                                        int64_t size, const lsrt_engine_options* options,
                                        const lsrt_callbacks* callbacks, lsrt_engine** engine);
LSRT_API lsrt_status lsrt_engine_destroy(lsrt_engine* engine);

/* Element types as in ONNX's TensorProto.DataType. */
#define LSRT_FLOAT 1
#define LSRT_UINT8 2
#define LSRT_INT8 3
#define LSRT_INT32 6
#define LSRT_INT64 7
#define LSRT_BOOL 9
#define LSRT_FLOAT16 10
#define LSRT_BFLOAT16 16
#define LSRT_FLOAT8E4M3FN 17

typedef struct lsrt_engine_tensor {
    int64_t struct_size;            /* in: sizeof(lsrt_engine_tensor) */
    int64_t extents[LSRT_MAX_RANK]; /* -1 where dynamic */
    int32_t rank;
    int32_t element_type;
    int32_t is_input;
    int32_t reserved;
    char name[256]; /* zero-terminated */
} lsrt_engine_tensor;

typedef struct lsrt_engine_info {
    int64_t struct_size;     /* in: sizeof(lsrt_engine_info) */
    int64_t weights_size;    /* bytes of streamable weights; 0 where streaming is off */
    int64_t activation_size; /* bytes that an execution of any profile needs */
    int32_t tensor_count;
    int32_t profile_count;
    int32_t layer_count;
    int32_t is_refittable;
} lsrt_engine_info;

LSRT_API lsrt_status lsrt_engine_info_get(const lsrt_engine* engine, lsrt_engine_info* info);
/* The tensor of that index, inputs and outputs in the engine's order. */
LSRT_API lsrt_status lsrt_engine_tensor_get(const lsrt_engine* engine, int32_t index, lsrt_engine_tensor* tensor);
/* The extents of one input in one profile; each array holds LSRT_MAX_RANK. */
LSRT_API lsrt_status lsrt_engine_profile_shape(const lsrt_engine* engine, const char* input, int32_t profile,
                                               int64_t* min, int64_t* opt, int64_t* max, int32_t* rank);
/*
 * Gives a refittable engine the weights of an ONNX file of the same graph. No execution may run meanwhile, and graphs
 * captured before stay valid. Fails with EXECUTION (the graphs differ; the message names a weight), UNSUPPORTED (built
 * without LSRT_BUILD_REFITTABLE).
 */
LSRT_API lsrt_status lsrt_engine_refit(lsrt_engine* engine, const char* model_path);
/* A plan of a refittable engine with the weights it has now. Fails with UNSUPPORTED (not refittable) or EXECUTION. */
LSRT_API lsrt_status lsrt_engine_serialize(const lsrt_engine* engine, lsrt_blob** plan);

/* An execution context: one profile, chosen shapes and addresses. Serves one thread at a time. */
typedef struct lsrt_execution lsrt_execution;

/* Has no activation memory yet. Enqueues the profile's choice on `stream` and waits for it. */
LSRT_API lsrt_status lsrt_execution_create(lsrt_engine* engine, int32_t profile, lsrt_stream* stream,
                                           lsrt_execution** execution);
LSRT_API lsrt_status lsrt_execution_destroy(lsrt_execution* execution);
/* Activation memory, at least what lsrt_execution_activation_size says; executions that never overlap may share it. */
LSRT_API lsrt_status lsrt_execution_set_memory(lsrt_execution* execution, lsrt_buffer* buffer, int64_t offset,
                                               int64_t size);
/* Fails with INVALID_ARGUMENT if the profile does not allow the extents. */
LSRT_API lsrt_status lsrt_execution_set_shape(lsrt_execution* execution, const char* input, const int64_t* extents,
                                              int32_t rank);
/* The extents of any tensor once all input shapes are set; `extents` holds LSRT_MAX_RANK. */
LSRT_API lsrt_status lsrt_execution_shape(const lsrt_execution* execution, const char* tensor, int64_t* extents,
                                          int32_t* rank);
/*
 * Bytes of activation memory for the shapes set now; 0 where none is needed. Fails with INVALID_STATE (a shape is
 * missing) or EXECUTION.
 */
LSRT_API lsrt_status lsrt_execution_activation_size(lsrt_execution* execution, int64_t* size);
/* The device address of an input or output, 256-byte aligned, with room for the tensor's shape. */
LSRT_API lsrt_status lsrt_execution_set_address(lsrt_execution* execution, const char* tensor, uint64_t address);
/*
 * Enqueues one run; it is capturable after one plain run with the same shapes, addresses and memory. Fails with
 * INVALID_STATE (a shape, an address or the memory is missing), EXECUTION, CAPTURE (while capturing), DEVICE_LOST.
 */
LSRT_API lsrt_status lsrt_execution_enqueue(lsrt_execution* execution, lsrt_stream* stream);

#ifdef __cplusplus
}
#endif

#endif
