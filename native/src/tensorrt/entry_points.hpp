#pragma once

#include <NvInfer.h>
#include <NvOnnxParser.h>

#include <memory>
#include <string>

#include "tensorrt/log.hpp"
#include "tensorrt_library.hpp"

namespace lsrt::trt {

/// TensorRT's factory functions, which its headers would have the linker resolve, taken from the loaded libraries.
class EntryPoints {
  public:
    /// Throws UNSUPPORTED for a library of another major version than the headers of this build, or one that is too
    /// old, and LIBRARY_UNUSABLE if it lacks a function.
    explicit EntryPoints(const TensorRtLibrary& library);

    std::unique_ptr<nvinfer1::IBuilder> create_builder(Log& log) const;
    std::unique_ptr<nvinfer1::IRuntime> create_runtime(Log& log) const;
    std::unique_ptr<nvinfer1::IRefitter> create_refitter(nvinfer1::ICudaEngine& engine, Log& log) const;

    /// These two throw LIBRARY_MISSING if there is no ONNX parser, with what was tried.
    std::unique_ptr<nvonnxparser::IParser> create_parser(nvinfer1::INetworkDefinition& network, Log& log) const;
    std::unique_ptr<nvonnxparser::IParserRefitter> create_parser_refitter(nvinfer1::IRefitter& refitter,
                                                                          Log& log) const;

  private:
    const TensorRtLibrary& library_;
    void* (*create_builder_)(void* logger, std::int32_t version) noexcept;
    void* (*create_runtime_)(void* logger, std::int32_t version) noexcept;
    void* (*create_refitter_)(void* engine, void* logger, std::int32_t version) noexcept;
};

}  // namespace lsrt::trt
