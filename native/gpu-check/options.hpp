#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace gpu_check {

extern const char* const usage;

struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Options {
    std::filesystem::path ptx;
    std::filesystem::path cases;
    std::string driver;  // empty: the system's
    std::int32_t device = 0;
    int samples = 21;
    int batch = 20;  // launches that are measured together, where a case runs but once
    std::size_t copy_size = std::size_t{64} << 20;
    std::string onnx;      // empty: no engine
    std::string tensorrt;  // the folder of TensorRT's libraries; empty: where the system looks
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> shapes;
    bool is_help = false;
};

/// Throws UsageError.
Options parse_options(int count, char** arguments);

}  // namespace gpu_check
