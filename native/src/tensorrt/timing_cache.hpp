#pragma once

#include <NvInfer.h>

#include <cstdint>
#include <memory>

#include "engine.hpp"
#include "tensorrt/log.hpp"

namespace lsrt::trt {

/// The timing cache in those bytes, or an empty one for none. Throws PLAN if TensorRT refuses them.
std::unique_ptr<nvinfer1::ITimingCache> read_timing_cache(const nvinfer1::IBuilderConfig& config, const void* bytes,
                                                          std::int64_t size, Log& log);

/// Has `config` use the cache, which must outlive the build. Throws PLAN if it comes from another device or version.
void use_timing_cache(nvinfer1::IBuilderConfig& config, const nvinfer1::ITimingCache& cache, Log& log);

std::unique_ptr<Blob> serialize(const nvinfer1::ITimingCache& cache, Log& log);

}  // namespace lsrt::trt
