#include "tensorrt/entry_points.hpp"

#include "error.hpp"

namespace lsrt::trt {

namespace {

// setDeviceMemoryV2 and the rest of the 64-bit memory calls came with 10.1.
constexpr std::int32_t oldest_version = 10 * 10000 + 1 * 100;

constexpr std::int32_t headers_version = static_cast<std::int32_t>(NV_TENSORRT_VERSION);

const TensorRtLibrary& checked(const TensorRtLibrary& library) {
    const std::string version =
        std::to_string(library.major()) + "." + std::to_string(library.minor()) + "." + std::to_string(library.patch());
    if (library.major() != NV_TENSORRT_MAJOR) {
        throw Failure(LSRT_STATUS_UNSUPPORTED,
                      "this build of latentsync_rt serves TensorRT " + std::to_string(NV_TENSORRT_MAJOR) +
                          ", but the loaded library is TensorRT " + version + " (" + library.path() +
                          "); load latentsync_rt_trt" + std::to_string(library.major()) + " instead");
    }

    if (library.version() < oldest_version) {
        throw Failure(LSRT_STATUS_UNSUPPORTED,
                      "TensorRT " + version + " (" + library.path() + ") is too old; install TensorRT 10.1 or newer");
    }

    return library;
}

template <typename T>
std::unique_ptr<T> owned(void* object, Errors& errors, const char* what) {
    if (object == nullptr) {
        errors.fail(LSRT_STATUS_LIBRARY_UNUSABLE, std::string("TensorRT could not create its ") + what);
    }

    return std::unique_ptr<T>(static_cast<T*>(object));
}

}  // namespace

EntryPoints::EntryPoints(const TensorRtLibrary& library)
    : library_(checked(library)),
      create_builder_(library.infer().get<decltype(create_builder_)>("createInferBuilder_INTERNAL")),
      create_runtime_(library.infer().get<decltype(create_runtime_)>("createInferRuntime_INTERNAL")),
      create_refitter_(library.infer().get<decltype(create_refitter_)>("createInferRefitter_INTERNAL")) {}

std::unique_ptr<nvinfer1::IBuilder> EntryPoints::create_builder(Log& log) const {
    Errors errors(log);
    return owned<nvinfer1::IBuilder>(create_builder_(static_cast<nvinfer1::ILogger*>(&log), headers_version), errors,
                                     "builder");
}

std::unique_ptr<nvinfer1::IRuntime> EntryPoints::create_runtime(Log& log) const {
    Errors errors(log);
    return owned<nvinfer1::IRuntime>(create_runtime_(static_cast<nvinfer1::ILogger*>(&log), headers_version), errors,
                                     "runtime");
}

std::unique_ptr<nvinfer1::IRefitter> EntryPoints::create_refitter(nvinfer1::ICudaEngine& engine, Log& log) const {
    Errors errors(log);
    return owned<nvinfer1::IRefitter>(create_refitter_(&engine, static_cast<nvinfer1::ILogger*>(&log), headers_version),
                                      errors, "refitter");
}

std::unique_ptr<nvonnxparser::IParser> EntryPoints::create_parser(nvinfer1::INetworkDefinition& network,
                                                                  Log& log) const {
    Errors errors(log);
    const auto create = library_.parser().get<void* (*)(void*, void*, int) noexcept>("createNvOnnxParser_INTERNAL");
    return owned<nvonnxparser::IParser>(create(&network, static_cast<nvinfer1::ILogger*>(&log), NV_ONNX_PARSER_VERSION),
                                        errors, "ONNX parser");
}

std::unique_ptr<nvonnxparser::IParserRefitter> EntryPoints::create_parser_refitter(nvinfer1::IRefitter& refitter,
                                                                                   Log& log) const {
    Errors errors(log);
    const auto create =
        library_.parser().get<void* (*)(void*, void*, std::int32_t) noexcept>("createNvOnnxParserRefitter_INTERNAL");
    return owned<nvonnxparser::IParserRefitter>(
        create(&refitter, static_cast<nvinfer1::ILogger*>(&log), NV_ONNX_PARSER_VERSION), errors, "ONNX refitter");
}

}  // namespace lsrt::trt
