#pragma once

#include <NvInfer.h>

#include "latentsync_rt.h"
#include "tensorrt/log.hpp"

namespace lsrt::trt {

/// Adds the optimization profiles that the options describe to `config`. Throws INVALID_ARGUMENT, naming the input, if
/// they do not fit the network or leave a dynamic input out.
void add_profiles(nvinfer1::IBuilder& builder, nvinfer1::IBuilderConfig& config,
                  const nvinfer1::INetworkDefinition& network, const lsrt_build_options& options, Log& log);

}  // namespace lsrt::trt
