/*
 * What TensorRT's headers need of the CUDA runtime: the names of two handles. Only on the include path when no folder
 * with the toolkit's own header is given; nothing here calls the CUDA runtime.
 */
#ifndef LSRT_STUB_CUDA_RUNTIME_API_H
#define LSRT_STUB_CUDA_RUNTIME_API_H

typedef struct CUstream_st* cudaStream_t;
typedef struct CUevent_st* cudaEvent_t;

#endif
