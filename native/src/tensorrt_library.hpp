#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "shared_library.hpp"

namespace lsrt {

/// TensorRT's libraries, reached through their exported C functions: the build needs none of its headers for this.
class TensorRtLibrary {
  public:
    /// Looks in `directory` alone, or where the system's loader looks if it is null, for that major version, or for the
    /// newest one supported if `major` is 0.
    TensorRtLibrary(const char* directory, std::int32_t major);

    /// As the library says it: major x 10000 + minor x 100 + patch.
    std::int32_t version() const noexcept { return version_; }
    std::int32_t major() const noexcept { return version_ / 10000; }
    std::int32_t minor() const noexcept { return version_ / 100 % 100; }
    std::int32_t patch() const noexcept { return version_ % 100; }
    const std::string& path() const noexcept { return infer_.path(); }
    bool has_onnx_parser() const noexcept { return parser_.has_value(); }

    const SharedLibrary& infer() const noexcept { return infer_; }

    /// Throws LIBRARY_MISSING, with what was tried, if there is no parser.
    const SharedLibrary& parser() const;

    /// The parser's path, or why there is none.
    const std::string& onnx_parser_path() const noexcept { return parser_ ? parser_->path() : parser_failure_; }

  private:
    SharedLibrary infer_;
    std::int32_t version_;
    std::optional<SharedLibrary> parser_;
    std::string parser_failure_;
};

}  // namespace lsrt
