#include "tensorrt/tensors.hpp"

#include <algorithm>

#include "error.hpp"

namespace lsrt::trt {

static_assert(nvinfer1::Dims::MAX_DIMS == LSRT_MAX_RANK);

nvinfer1::Dims to_dims(const std::int64_t* extents, std::int32_t rank) {
    require(rank >= 0 && rank <= LSRT_MAX_RANK, "the rank is negative or above LSRT_MAX_RANK");
    nvinfer1::Dims dims{};
    dims.nbDims = rank;
    std::copy_n(extents, rank, dims.d);
    return dims;
}

void write_extents(const nvinfer1::Dims& dims, std::int64_t* extents) {
    const std::int32_t rank = std::max(dims.nbDims, 0);
    std::fill_n(std::copy_n(dims.d, rank, extents), LSRT_MAX_RANK - rank, 0);
}

std::string text(const nvinfer1::Dims& dims) {
    std::string result;
    for (std::int32_t i = 0; i < dims.nbDims; ++i) {
        if (i > 0) {
            result += 'x';
        }

        result += std::to_string(dims.d[i]);
    }

    return dims.nbDims == 0 ? "scalar" : result;
}

std::int32_t onnx_type(nvinfer1::DataType type) {
    switch (type) {
        case nvinfer1::DataType::kFLOAT:
            return LSRT_FLOAT;
        case nvinfer1::DataType::kHALF:
            return LSRT_FLOAT16;
        case nvinfer1::DataType::kBF16:
            return LSRT_BFLOAT16;
        case nvinfer1::DataType::kFP8:
            return LSRT_FLOAT8E4M3FN;
        case nvinfer1::DataType::kINT8:
            return LSRT_INT8;
        case nvinfer1::DataType::kUINT8:
            return LSRT_UINT8;
        case nvinfer1::DataType::kINT32:
            return LSRT_INT32;
        case nvinfer1::DataType::kINT64:
            return LSRT_INT64;
        case nvinfer1::DataType::kBOOL:
            return LSRT_BOOL;
        default:
            throw Failure(LSRT_STATUS_UNSUPPORTED,
                          "a tensor of the engine has an element type without a number here (" +
                              std::to_string(static_cast<std::int32_t>(type)) + ")");
    }
}

}  // namespace lsrt::trt
