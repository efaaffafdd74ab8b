#include "tensorrt_library.hpp"

#include <vector>

#include "error.hpp"

namespace lsrt {

namespace {

constexpr std::int32_t newest_major = 11;
constexpr std::int32_t oldest_major = 10;

std::string file_name(const char* stem, std::int32_t major, const char* directory) {
#if defined(_WIN32)
    const std::string name = std::string(stem) + "_" + std::to_string(major) + ".dll";
    const char separator = '\\';
#else
    const std::string name = std::string("lib") + stem + ".so." + std::to_string(major);
    const char separator = '/';
#endif
    return directory != nullptr ? std::string(directory) + separator + name : name;
}

/// The files to try for one library: in `directory` alone, or where the system's loader looks and in what it leaves
/// out.
std::vector<std::string> files(const char* stem, std::int32_t major, const char* directory) {
    std::vector<std::string> names{file_name(stem, major, directory)};
    if (directory == nullptr) {
        for (const std::string& folder : SharedLibrary::more_folders()) {
            names.push_back(file_name(stem, major, folder.c_str()));
        }
    }

    return names;
}

std::vector<std::string> candidates(const char* directory, std::int32_t major) {
    require(major == 0 || (major >= oldest_major && major <= newest_major),
            "TensorRT's major version is 10 or 11, or 0");
    require(directory == nullptr || *directory != '\0', "TensorRT's directory is empty");
    std::vector<std::string> names;
    for (std::int32_t m = newest_major; m >= oldest_major; --m) {
        if (major == 0 || major == m) {
            const std::vector<std::string> of_major = files("nvinfer", m, directory);
            names.insert(names.end(), of_major.begin(), of_major.end());
        }
    }

    return names;
}

#if defined(_WIN32)
const char* const fix = "Install TensorRT 10 or 11 and name its folder of DLLs, or put that on the PATH";
#else
const char* const fix = "Install TensorRT 10 or 11 and name its lib folder, or put it on the loader's path";
#endif

}  // namespace

TensorRtLibrary::TensorRtLibrary(const char* directory, std::int32_t major)
    : infer_(SharedLibrary::open("TensorRT", candidates(directory, major), fix)),
      version_(infer_.get<std::int32_t (*)()>("getInferLibVersion")()) {
    // Releases before 10 wrote 1000 x major, and their engines have another interface: a renamed file must not get
    // through.
    if (this->major() < oldest_major || this->major() > newest_major || (major != 0 && this->major() != major)) {
        throw Failure(LSRT_STATUS_LIBRARY_UNUSABLE,
                      infer_.path() + " says that its version is " + std::to_string(version_) +
                          ", which is not TensorRT 10 or 11 as its name says; reinstall it");
    }

    try {
        SharedLibrary parser =
            SharedLibrary::open("TensorRT's ONNX parser", files("nvonnxparser", this->major(), directory), fix);
        parser.get<void (*)()>("createNvOnnxParser_INTERNAL");
        parser_.emplace(std::move(parser));
    } catch (const Failure& failure) {
        parser_failure_ = failure.what();
    }
}

const SharedLibrary& TensorRtLibrary::parser() const {
    if (!parser_) {
        throw Failure(LSRT_STATUS_LIBRARY_MISSING, parser_failure_);
    }

    return *parser_;
}

}  // namespace lsrt
