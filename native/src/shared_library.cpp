#include "shared_library.hpp"

#include "error.hpp"

namespace lsrt {

SharedLibrary SharedLibrary::open(const std::string& what, const std::vector<std::string>& candidates,
                                  const std::string& fix) {
    std::string tried;
    for (const std::string& candidate : candidates) {
        std::string reason;
        if (void* handle = load(candidate, reason)) {
            return {handle, path_of(handle, candidate)};
        }

        tried += (tried.empty() ? "" : "; ") + candidate + " (" + reason + ")";
    }

    throw Failure(LSRT_STATUS_LIBRARY_MISSING, what + " not found; tried " + tried + ". " + fix);
}

void* SharedLibrary::get_address(const char* symbol) const {
    void* address = find(symbol);
    if (address == nullptr) {
        throw Failure(LSRT_STATUS_LIBRARY_UNUSABLE, path_ + " does not export " + symbol + "; install a newer version");
    }

    return address;
}

}  // namespace lsrt
