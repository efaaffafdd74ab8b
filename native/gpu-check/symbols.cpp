#include "symbols.hpp"

#include <dlfcn.h>

#include <iterator>
#include <memory>
#include <stdexcept>

namespace gpu_check {

namespace {

constexpr const char* names[] = {
#define LSRT_CUDA_SYMBOL(name, parameters) #name,
#include "cuda_symbols.def"
#undef LSRT_CUDA_SYMBOL
};

}  // namespace

std::size_t symbol_count() { return std::size(names); }

std::vector<std::string> missing_symbols(const std::string& driver_path) {
    const std::unique_ptr<void, int (*)(void*)> library(dlopen(driver_path.c_str(), RTLD_LAZY), dlclose);
    if (!library) {
        throw std::runtime_error(dlerror());
    }

    std::vector<std::string> missing;
    for (const char* const name : names) {
        if (dlsym(library.get(), name) == nullptr) {
            missing.emplace_back(name);
        }
    }

    return missing;
}

}  // namespace gpu_check
