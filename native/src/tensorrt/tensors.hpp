#pragma once

#include <NvInfer.h>

#include <cstdint>
#include <string>

namespace lsrt::trt {

/// TensorRT's form of extents. Throws INVALID_ARGUMENT for a rank beyond LSRT_MAX_RANK.
nvinfer1::Dims to_dims(const std::int64_t* extents, std::int32_t rank);

/// Writes LSRT_MAX_RANK extents, those behind the rank 0.
void write_extents(const nvinfer1::Dims& dims, std::int64_t* extents);

/// "1x13x16x64x64", for messages.
std::string text(const nvinfer1::Dims& dims);

/// The number that ONNX's TensorProto.DataType has for the type. Throws UNSUPPORTED for one that the C interface does
/// not name.
std::int32_t onnx_type(nvinfer1::DataType type);

}  // namespace lsrt::trt
