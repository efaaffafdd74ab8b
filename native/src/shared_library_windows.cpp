#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>

#include <algorithm>
#include <filesystem>

#include "error.hpp"
#include "shared_library.hpp"

namespace lsrt {

namespace {

std::wstring widen(const std::string& text) {
    const int size =
        MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), static_cast<int>(text.size()), nullptr, 0);
    require(size > 0 || text.empty(), "a path is not valid UTF-8");
    std::wstring wide(static_cast<std::size_t>(size), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), wide.data(), size);
    return wide;
}

std::string narrow(const std::wstring& wide) {
    const int size =
        WideCharToMultiByte(CP_UTF8, 0, wide.data(), static_cast<int>(wide.size()), nullptr, 0, nullptr, nullptr);
    std::string text(static_cast<std::size_t>(size), '\0');
    WideCharToMultiByte(CP_UTF8, 0, wide.data(), static_cast<int>(wide.size()), text.data(), size, nullptr, nullptr);
    return text;
}

/// The path in the form that a search in its own folder needs: absolute, with backslashes.
std::wstring full_path(const std::wstring& path) {
    std::wstring full(32768, L'\0');
    const DWORD length = GetFullPathNameW(path.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr);
    full.resize(length < full.size() ? length : 0);
    return full.empty() ? path : full;
}

std::wstring environment(const wchar_t* name) {
    std::wstring value(32767, L'\0');
    const DWORD length = GetEnvironmentVariableW(name, value.data(), static_cast<DWORD>(value.size()));
    value.resize(length < value.size() ? length : 0);
    return value;
}

}  // namespace

void* SharedLibrary::load(const std::string& name, std::string& reason) {
    // A path brings its own folder into the search for what it needs; a bare name is looked for as the application's
    // own libraries are, which leaves out the working directory.
    const bool is_path = name.find_first_of("\\/") != std::string::npos;
    const DWORD flags = LOAD_LIBRARY_SEARCH_DEFAULT_DIRS | (is_path ? LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR : 0);
    HMODULE module = LoadLibraryExW((is_path ? full_path(widen(name)) : widen(name)).c_str(), nullptr, flags);
    if (module == nullptr) {
        reason = "error " + std::to_string(GetLastError());
    } else {
        // One reference is never given back.
        GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                           reinterpret_cast<LPCWSTR>(module), &module);
    }

    return module;
}

std::string SharedLibrary::path_of(void* handle, const std::string& name) {
    std::wstring path(32768, L'\0');
    const DWORD length = GetModuleFileNameW(static_cast<HMODULE>(handle), path.data(), static_cast<DWORD>(path.size()));
    path.resize(length);
    return length > 0 ? narrow(path) : name;
}

std::vector<std::string> SharedLibrary::more_folders() {
    std::vector<std::string> folders;
    const std::wstring path = environment(L"PATH");
    for (std::size_t start = 0; start < path.size();) {
        const std::size_t end = std::min(path.find(L';', start), path.size());
        std::wstring folder = path.substr(start, end - start);
        std::erase(folder, L'"');
        if (std::filesystem::path(folder).is_absolute()) {
            folders.push_back(narrow(folder));
        }

        start = end + 1;
    }

    return folders;
}

void* SharedLibrary::find(const char* symbol) const noexcept {
    return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(handle_), symbol));
}

}  // namespace lsrt
