#include "options.hpp"

#include <charconv>
#include <string_view>

namespace gpu_check {

const char* const usage = R"(usage: gpu-check --ptx DIR --cases DIR [options]

  --ptx DIR         the kernels: DIR/sm_75/*.ptx, ...
  --cases DIR       what to run: DIR/*.case
  --driver FILE     the CUDA driver's library instead of the system's
  --device N        the device (0)
  --samples N       measurements, of which the median is shown (21)
  --batch N         launches in one measurement (20)
  --copy-size N     bytes of the copies that are measured (64 MiB)
  --onnx FILE       build and time an engine of this network; needs a runtime with TensorRT
  --shape NAME=AxB  extents of a dynamic input of it; once for each
  --tensorrt DIR    TensorRT's libraries, if the system does not find them
)";

namespace {

template <typename T>
T number(std::string_view name, std::string_view text, T least) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least) {
        throw UsageError(std::string(name) + ": " + std::string(text) + " is no number from " + std::to_string(least));
    }

    return value;
}

/// sample=1x13x16x64x64
std::pair<std::string, std::vector<std::int64_t>> shape(std::string_view text) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string_view::npos || equals == 0) {
        throw UsageError("--shape: NAME=AxBxC is expected, not " + std::string(text));
    }

    std::vector<std::int64_t> extents;
    std::string_view rest = text.substr(equals + 1);
    for (;;) {
        const std::size_t cross = rest.find('x');
        extents.push_back(number<std::int64_t>("--shape", rest.substr(0, cross), 1));
        if (cross == std::string_view::npos) {
            return {std::string(text.substr(0, equals)), std::move(extents)};
        }

        rest.remove_prefix(cross + 1);
    }
}

void set(Options& options, std::string_view name, const char* value) {
    if (name == "--ptx") {
        options.ptx = value;
    } else if (name == "--cases") {
        options.cases = value;
    } else if (name == "--driver") {
        options.driver = value;
    } else if (name == "--device") {
        options.device = number<std::int32_t>(name, value, 0);
    } else if (name == "--samples") {
        options.samples = number(name, value, 1);
    } else if (name == "--batch") {
        options.batch = number(name, value, 1);
    } else if (name == "--copy-size") {
        options.copy_size = number<std::size_t>(name, value, 1);
    } else if (name == "--onnx") {
        options.onnx = value;
    } else if (name == "--tensorrt") {
        options.tensorrt = value;
    } else if (name == "--shape") {
        options.shapes.push_back(shape(value));
    } else {
        throw UsageError("unknown option " + std::string(name));
    }
}

}  // namespace

Options parse_options(int count, char** arguments) {
    Options options;
    for (int i = 1; i < count; i += 2) {
        if (std::string_view(arguments[i]) == "--help") {
            options.is_help = true;
            return options;
        }

        if (i + 1 == count) {
            throw UsageError(std::string(arguments[i]) + " needs a value");
        }

        set(options, arguments[i], arguments[i + 1]);
    }

    if (options.ptx.empty() || options.cases.empty()) {
        throw UsageError("--ptx and --cases are needed");
    }

    return options;
}

}  // namespace gpu_check
