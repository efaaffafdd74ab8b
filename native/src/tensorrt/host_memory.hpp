#pragma once

#include <NvInfer.h>

#include <memory>
#include <utility>

#include "engine.hpp"

namespace lsrt::trt {

/// Bytes that stay where TensorRT put them: a plan may have gigabytes.
class HostMemory final : public Blob {
  public:
    explicit HostMemory(std::unique_ptr<nvinfer1::IHostMemory> memory) : memory_(std::move(memory)) {}

    const void* data() const noexcept override { return memory_->data(); }
    std::int64_t size() const noexcept override { return static_cast<std::int64_t>(memory_->size()); }

  private:
    std::unique_ptr<nvinfer1::IHostMemory> memory_;
};

}  // namespace lsrt::trt
