#include "cuda_api.hpp"

namespace lsrt {

CudaApi::CudaApi(const SharedLibrary& library) {
#define LSRT_CUDA_SYMBOL(name, parameters) name = library.get<decltype(name)>(#name);
#include "cuda_symbols.def"
#undef LSRT_CUDA_SYMBOL
}

}  // namespace lsrt
