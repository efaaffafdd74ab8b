#include <dlfcn.h>
#include <link.h>

#include "shared_library.hpp"

namespace lsrt {

void* SharedLibrary::load(const std::string& name, std::string& reason) {
    void* handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == nullptr) {
        const char* error = dlerror();
        reason = error != nullptr ? error : "no reason given";
        // The loader begins with the name, which the caller's list has already.
        if (reason.starts_with(name + ": ")) {
            reason.erase(0, name.size() + 2);
        }
    }

    return handle;
}

std::string SharedLibrary::path_of(void* handle, const std::string& name) {
    link_map* map = nullptr;
    return dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map->l_name[0] != '\0' ? map->l_name : name;
}

std::vector<std::string> SharedLibrary::more_folders() { return {}; }

void* SharedLibrary::find(const char* symbol) const noexcept { return dlsym(handle_, symbol); }

}  // namespace lsrt
