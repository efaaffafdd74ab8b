/*
 * How tests steer the double of TensorRT. It implements the interfaces of TensorRT's headers on the host: its plans
 * have the real header and are of no use to the real library, nor the other way round.
 *
 * It reads networks of its own format, a text of one statement a line:
 *
 *   double-network 1
 *   input NAME TYPE EXTENTS           extents 1,-1,4; -1 is dynamic; types as float, float16, int32, uint8, ...
 *   output NAME TYPE EXTENTS
 *   node NAME scale IN OUT FACTOR     FACTOR is a number, or @FILE beside the network: its external data
 *   node NAME add A B OUT
 *   node NAME copy IN OUT
 *
 * Other files (real ONNX ones) are described and run by functions that the test registers.
 */
#ifndef LSRT_NVINFER_DOUBLE_H
#define LSRT_NVINFER_DOUBLE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lsrt_double_tensor {
    char name[256];     /* zero-terminated */
    int64_t extents[8]; /* -1 where dynamic */
    int32_t rank;
    int32_t element_type; /* as in ONNX's TensorProto.DataType */
    int32_t is_input;
    int32_t reserved;
} lsrt_double_tensor;

/* A model as it was read: the plan keeps its bytes, and the path under which external data is beside it. */
typedef struct lsrt_double_model {
    const char* path;
    const void* bytes;
    int64_t size;
} lsrt_double_model;

/* Where a function says why it fails: a zero-terminated text of at most `capacity` bytes. */
typedef struct lsrt_double_error {
    char* text;
    int32_t capacity;
} lsrt_double_error;

/* Fills in the model's inputs and outputs, at most `capacity`; returns how many, or -1 with an error. */
typedef int32_t (*lsrt_double_describe)(void* user, const lsrt_double_model* model, lsrt_double_tensor* tensors,
                                        int32_t capacity, const lsrt_double_error* error);

/* Fills in the outputs' extents for the inputs' extents, all of which are set; returns 0, or -1 with an error. */
typedef int32_t (*lsrt_double_infer)(void* user, const lsrt_double_model* model, lsrt_double_tensor* tensors,
                                     int32_t count, const lsrt_double_error* error);

/*
 * Runs the model: reads the inputs at their addresses (host memory) and writes the outputs at theirs. Called when the
 * stream comes to it, again at each launch of a captured graph. Returns 0, or -1 with an error.
 */
typedef int32_t (*lsrt_double_execute)(void* user, const lsrt_double_model* model, const lsrt_double_tensor* tensors,
                                       void* const* addresses, int32_t count, const lsrt_double_error* error);

/* Each replaces the function registered before; NULL removes it. `user` is handed to it. */
void lsrt_double_set_describe(lsrt_double_describe function, void* user);
void lsrt_double_set_infer(lsrt_double_infer function, void* user);
void lsrt_double_set_execute(lsrt_double_execute function, void* user);

/*
 * The next call of that kind fails as the real library's would: "create_builder", "create_network", "build",
 * "out_of_memory" (of a build), "create_runtime", "deserialize", "budget", "create_context", "profile", "enqueue",
 * "execute" (the run itself, on the stream), "refit", "serialize", "activation_size". NULL: none. One at a time;
 * returns 0, or -1 for another name.
 */
int32_t lsrt_double_nvinfer_fail(const char* what);

/*
 * What engines say from now on whenever one is loaded, enqueued or destroyed, with TensorRT's number of the severity;
 * NULL: nothing.
 */
void lsrt_double_nvinfer_say(int32_t severity, const char* message);

/* Objects of the double's that exist now: builders, networks, engines, contexts, blobs, parsers, ... */
int64_t lsrt_double_nvinfer_live(void);

/* Since the process began. */
int64_t lsrt_double_nvinfer_tactics_timed(void); /* timings that builds took because no timing cache had them */
int64_t lsrt_double_nvinfer_runs(void);          /* networks run to their end, plainly or in a graph */
int64_t lsrt_double_nvinfer_failed_runs(void);   /* runs that failed on the stream, where nobody can be told */
int64_t lsrt_double_nvinfer_misuses(void);       /* engines and contexts destroyed without a CUDA context */

#ifdef __cplusplus
}
#endif

#endif
