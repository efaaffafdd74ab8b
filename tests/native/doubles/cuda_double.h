/*
 * A double of the CUDA driver, for tests on machines without one: a library that exports the driver's functions under
 * their versioned names (native/src/cuda_symbols.def), and these, through which a test steers and observes it.
 *
 * Device memory is host memory, addresses are pointers, and new memory is filled with 0xFF (NaN as a float). A stream
 * runs what it is given at once, on the calling thread. A captured graph records and replays. Kernels run in the PTX
 * interpreter. There are two devices. All state is the loaded library's own: copies of the file are apart.
 */
#ifndef LSRT_CUDA_DOUBLE_H
#define LSRT_CUDA_DOUBLE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LSRT_DOUBLE_API __attribute__((visibility("default")))

/* Back to the defaults: no faults, device not lost, pools, capture, no memory limit, calls and launches 0. What is
 * alive stays so. */
LSRT_DOUBLE_API void lsrt_double_reset(void);

/*
 * The nth call of that function from now (1: the next; 0: every one, until the reset) does nothing and returns
 * `result`. A result that the driver cannot recover from (700, 719, ...) loses the device; 900 to 908 invalidate the
 * captures of the calling thread. Returns 0, or 1 if there is no such function.
 */
LSRT_DOUBLE_API int32_t lsrt_double_fail(const char* function, int32_t nth, int32_t result);

/* From now on every call returns `result`, 719 for example; those that destroy do so nevertheless. */
LSRT_DOUBLE_API void lsrt_double_lose_device(int32_t result);

/* 0: the devices have no memory pools (asked by attribute); creating one fails with 801. */
LSRT_DOUBLE_API void lsrt_double_set_memory_pools(int32_t is_supported);

/* 0: beginning a capture fails with 900. */
LSRT_DOUBLE_API void lsrt_double_set_capture(int32_t is_supported);

/* Bytes that may be allocated on a device, and bytes of pinned memory; -1: as much as the device has. */
LSRT_DOUBLE_API void lsrt_double_set_memory_limit(int64_t bytes);

/* What is alive now, for lsrt_double_count. */
#define LSRT_DOUBLE_ALLOCATIONS 0
#define LSRT_DOUBLE_ALLOCATED_BYTES 1
#define LSRT_DOUBLE_PINNED 2
#define LSRT_DOUBLE_POOLS 3
#define LSRT_DOUBLE_STREAMS 4
#define LSRT_DOUBLE_EVENTS 5
#define LSRT_DOUBLE_MODULES 6
#define LSRT_DOUBLE_GRAPHS 7
#define LSRT_DOUBLE_GRAPH_EXECUTIONS 8
/* How often primary contexts are retained beyond their releases. */
#define LSRT_DOUBLE_CONTEXTS 9
/* Streams that capture. */
#define LSRT_DOUBLE_CAPTURES 10
/* Calls since the reset that no correct program makes: handles that are not alive, memory freed twice. */
#define LSRT_DOUBLE_MISUSES 11
/* Contexts on the calling thread's stack. */
#define LSRT_DOUBLE_CURRENT_CONTEXTS 12
#define LSRT_DOUBLE_COUNTS 13

/* -1 if there is no such count. */
LSRT_DOUBLE_API int64_t lsrt_double_count(int32_t what);

/* Calls of a function of the driver since the reset, failed ones too; -1 if there is no such function. */
LSRT_DOUBLE_API int64_t lsrt_double_calls(const char* function);

/* Runs of a kernel since the reset, those of replayed graphs too. */
LSRT_DOUBLE_API int64_t lsrt_double_launches(const char* entry);

#ifdef __cplusplus
}
#endif

#endif
