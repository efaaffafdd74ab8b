#include "kernels.hpp"

#include <fstream>
#include <sstream>

namespace gpu_check {

namespace {

namespace fs = std::filesystem;

/// 86 for a folder sm_86, 0 for any other.
int architecture_of(const fs::path& folder) {
    const std::string name = folder.filename().string();
    int architecture = 0;
    std::istringstream digits(name.starts_with("sm_") ? name.substr(3) : "");
    return digits >> architecture && digits.eof() ? architecture : 0;
}

std::string read_text(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) {
        throw std::runtime_error(path.string() + " cannot be read");
    }

    return text.str();
}

}  // namespace

Kernels::Kernels(const Session& session, const fs::path& folder) {
    fs::path newest;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        const int architecture = architecture_of(entry.path());
        if (architecture > architecture_ && architecture <= session.architecture()) {
            architecture_ = architecture;
            newest = entry.path();
        }
    }

    if (architecture_ == 0) {
        throw std::runtime_error(folder.string() + " holds no PTX for a device of sm_" +
                                 std::to_string(session.architecture()));
    }

    for (const fs::directory_entry& file : fs::directory_iterator(newest)) {
        if (file.path().extension() == ".ptx") {
            const std::string name = file.path().stem().string();
            const std::string ptx = read_text(file.path());
            Loaded loaded;
            loaded.module =
                make<Module>(lsrt_module_create, session.device(), ptx.data(), static_cast<std::int64_t>(ptx.size()));
            loaded.kernel = make<Kernel>(lsrt_kernel_create, loaded.module.get(), ("Kernel_" + name).c_str());
            kernels_.emplace(name, std::move(loaded));
        }
    }
}

std::set<std::string> Kernels::names() const {
    std::set<std::string> names;
    for (const auto& [name, loaded] : kernels_) {
        names.insert(name);
    }

    return names;
}

lsrt_kernel* Kernels::find(const std::string& name) const {
    const auto found = kernels_.find(name);
    if (found == kernels_.end()) {
        throw std::runtime_error("there is no PTX of the kernel " + name);
    }

    return found->second.kernel.get();
}

}  // namespace gpu_check
