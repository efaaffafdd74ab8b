#pragma once

#include "cuda_api.hpp"
#include "latentsync_rt.h"

namespace lsrt {

/// The status of a failed driver call: what the number means wherever it comes from, else `otherwise`.
lsrt_status status_of(cuda::Result result, lsrt_status otherwise) noexcept;

}  // namespace lsrt
