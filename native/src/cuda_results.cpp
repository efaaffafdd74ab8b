#include "cuda_results.hpp"

namespace lsrt {

// The cases are CUresult's, named as in the "CUDA Driver API" reference manual.
lsrt_status status_of(cuda::Result result, lsrt_status otherwise) noexcept {
    switch (result) {
        case 2:  // OUT_OF_MEMORY
            return LSRT_STATUS_DEVICE_OUT_OF_MEMORY;
        // Errors after which the manual says that the context, or the process, is of no more use.
        case 4:    // DEINITIALIZED
        case 214:  // ECC_UNCORRECTABLE
        case 220:  // NVLINK_UNCORRECTABLE
        case 226:  // CONTAINED
        case 700:  // ILLEGAL_ADDRESS
        case 702:  // LAUNCH_TIMEOUT
        case 709:  // CONTEXT_IS_DESTROYED
        case 710:  // ASSERT
        case 714:  // HARDWARE_STACK_ERROR
        case 715:  // ILLEGAL_INSTRUCTION
        case 716:  // MISALIGNED_ADDRESS
        case 717:  // INVALID_ADDRESS_SPACE
        case 718:  // INVALID_PC
        case 719:  // LAUNCH_FAILED
        case 721:  // TENSOR_MEMORY_LEAK
        case 809:  // MPS_CLIENT_TERMINATED
            return LSRT_STATUS_DEVICE_LOST;
        case 200:  // INVALID_IMAGE
        case 209:  // NO_BINARY_FOR_GPU
        case 218:  // INVALID_PTX
        case 221:  // JIT_COMPILER_NOT_FOUND
        case 222:  // UNSUPPORTED_PTX_VERSION
        case 223:  // JIT_COMPILATION_DISABLED
        case 300:  // INVALID_SOURCE
            return LSRT_STATUS_KERNEL_COMPILATION;
        case 701:  // LAUNCH_OUT_OF_RESOURCES
        case 720:  // COOPERATIVE_LAUNCH_TOO_LARGE
            return LSRT_STATUS_LAUNCH;
        case 900:  // STREAM_CAPTURE_UNSUPPORTED
        case 901:  // STREAM_CAPTURE_INVALIDATED
        case 902:  // STREAM_CAPTURE_MERGE
        case 903:  // STREAM_CAPTURE_UNMATCHED
        case 904:  // STREAM_CAPTURE_UNJOINED
        case 905:  // STREAM_CAPTURE_ISOLATION
        case 906:  // STREAM_CAPTURE_IMPLICIT
        case 907:  // CAPTURED_EVENT
        case 908:  // STREAM_CAPTURE_WRONG_THREAD
            return LSRT_STATUS_CAPTURE;
        default:
            return otherwise;
    }
}

}  // namespace lsrt
