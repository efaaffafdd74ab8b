#include "engine.hpp"
#include "error.hpp"

// The flavour without TensorRT.

namespace lsrt {

namespace {

[[noreturn]] void refuse(const TensorRtLibrary& library) {
    const std::string major = std::to_string(library.major());
    throw Failure(LSRT_STATUS_UNSUPPORTED,
                  "this build of latentsync_rt has no TensorRT in it; load latentsync_rt_trt" + major +
                      ", which CMake builds when -DTENSORRT_INCLUDE names a folder with the headers of TensorRT " +
                      major);
}

}  // namespace

std::int32_t tensorrt_headers_version() noexcept { return 0; }

BuiltEngine build_engine(const TensorRtLibrary& library, Device&, const lsrt_build_options&, const lsrt_callbacks&,
                         bool) {
    refuse(library);
}

std::unique_ptr<Blob> merge_timing_caches(const TensorRtLibrary& library, Device&, const void*, std::int64_t,
                                          const void*, std::int64_t) {
    refuse(library);
}

std::unique_ptr<Engine> create_engine(const TensorRtLibrary& library, Device&, const void*, std::int64_t, std::int64_t,
                                      const lsrt_callbacks&) {
    refuse(library);
}

}  // namespace lsrt
