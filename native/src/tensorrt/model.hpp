#pragma once

#include <memory>
#include <string>

#include "tensorrt/entry_points.hpp"

namespace lsrt::trt {

/// Reads an ONNX file, and the external data beside it, into `network`. The parser keeps the weights, so that it must
/// live until the network is built. Throws BUILD with the node that the parser refuses.
std::unique_ptr<nvonnxparser::IParser> parse(const EntryPoints& entry_points, nvinfer1::INetworkDefinition& network,
                                             const char* model_path, Log& log);

/// Gives `engine` the weights of an ONNX file of the same graph. Throws EXECUTION, naming a weight, if it is another.
void refit(const EntryPoints& entry_points, nvinfer1::ICudaEngine& engine, const std::string& model_path, Log& log);

}  // namespace lsrt::trt
