#pragma once

#include <string>
#include <vector>

namespace lsrt {

/// A shared library opened by name or path. It is never unloaded: GPU drivers keep threads that would run into the
/// hole.
class SharedLibrary {
  public:
    /// Opens the first of `candidates` (UTF-8) that loads. Throws LIBRARY_MISSING with what was tried and why each
    /// failed; `what` and `fix` begin and end that sentence.
    static SharedLibrary open(const std::string& what, const std::vector<std::string>& candidates,
                              const std::string& fix);

    /// Absolute folders to look for a bare name in when the system's loader does not find it: on Windows those of PATH,
    /// which the loader is told to leave out so that nothing comes from the working directory. None elsewhere, where
    /// the loader has a path of its own.
    static std::vector<std::string> more_folders();

    /// The function, or null if the library does not export it.
    void* find(const char* symbol) const noexcept;

    /// The function as `Function`, a pointer type. Throws LIBRARY_UNUSABLE if the library does not export it.
    template <typename Function>
    Function get(const char* symbol) const {
        return reinterpret_cast<Function>(get_address(symbol));
    }

    /// Where the file lies.
    const std::string& path() const noexcept { return path_; }

  private:
    SharedLibrary(void* handle, std::string path) : handle_(handle), path_(std::move(path)) {}

    // The platform's part: null and a reason if it does not load.
    static void* load(const std::string& name, std::string& reason);
    static std::string path_of(void* handle, const std::string& name);

    void* get_address(const char* symbol) const;

    void* handle_;
    std::string path_;
};

}  // namespace lsrt
