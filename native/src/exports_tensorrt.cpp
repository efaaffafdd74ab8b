#include "exports.hpp"
#include "objects.hpp"
#include "text.hpp"

using namespace lsrt;

namespace {

constexpr std::int64_t tensorrt_info_minimum = 24;

}  // namespace

lsrt_status lsrt_tensorrt_create(const lsrt_tensorrt_options* options, lsrt_tensorrt** tensorrt) {
    return guard([&] {
        auto& result = out(tensorrt);
        const lsrt_tensorrt_options known = read_options(options);
        require(known.reserved == 0, "reserved is not 0");
        result = new lsrt_tensorrt{TensorRtLibrary(known.directory, known.major)};
    });
}

lsrt_status lsrt_tensorrt_destroy(lsrt_tensorrt* tensorrt) {
    return guard([&] { delete tensorrt; });
}

lsrt_status lsrt_tensorrt_info_get(const lsrt_tensorrt* tensorrt, lsrt_tensorrt_info* info) {
    return guard([&] {
        const TensorRtLibrary& library = checked(tensorrt).library;
        lsrt_tensorrt_info value{};
        value.major = library.major();
        value.minor = library.minor();
        value.patch = library.patch();
        value.has_onnx_parser = library.has_onnx_parser() ? 1 : 0;
        write(value, info, tensorrt_info_minimum);
    });
}

lsrt_status lsrt_tensorrt_path(const lsrt_tensorrt* tensorrt, char* buffer, int64_t capacity, int64_t* length) {
    return guard([&] { copy_out_or_throw(checked(tensorrt).library.path(), buffer, capacity, length); });
}

lsrt_status lsrt_tensorrt_onnx_parser_path(const lsrt_tensorrt* tensorrt, char* buffer, int64_t capacity,
                                           int64_t* length) {
    return guard([&] { copy_out_or_throw(checked(tensorrt).library.onnx_parser_path(), buffer, capacity, length); });
}
