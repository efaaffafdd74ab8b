#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine.hpp"

namespace lsrt_double {

/// One run as it was enqueued: shapes and addresses of that moment, the weights of the moment it runs.
struct Run {
    std::shared_ptr<EngineState> state;
    nvinfer1::ILogger* logger;
    std::vector<lsrt_double_tensor> tensors;
    std::vector<void*> addresses;
    void* memory;
    std::int64_t memory_size;

    void operator()() const noexcept;
};

class Context final : public nvinfer1::IExecutionContext, private stubs::VExecutionContext, private Counted {
  public:
    Context(const nvinfer1::ICudaEngine& engine, std::shared_ptr<EngineState> state, nvinfer1::ILogger& logger);
    ~Context() noexcept override;

  private:
    bool setOptimizationProfileAsync(std::int32_t profile, cudaStream_t stream) noexcept override;
    bool setInputShape(const char* name, const nvinfer1::Dims& extents) noexcept override;
    nvinfer1::Dims getTensorShape(const char* name) const noexcept override;
    bool setTensorAddress(const char* name, void* address) noexcept override;
    std::size_t updateDeviceMemorySizeForShapes() noexcept override;
    void setDeviceMemoryV2(void* memory, std::int64_t size) noexcept override;
    bool enqueueV3(cudaStream_t stream) noexcept override;

    std::size_t find(const char* name) const;
    bool are_shapes_set() const;
    /// What the real one would refuse a run for; empty if nothing.
    std::string problem(bool is_capturing) const;
    bool refuse(const std::string& reason) const noexcept;

    std::shared_ptr<EngineState> state_;
    nvinfer1::ILogger& logger_;
    std::size_t profile_ = 0;
    std::vector<lsrt_double_tensor> tensors_;  // with the extents set now
    std::vector<void*> addresses_;
    void* memory_ = nullptr;
    std::int64_t memory_size_ = 0;
    bool is_prepared_ = false;  // by a plain run with the shapes set now
    std::vector<std::unique_ptr<Run>> captured_;
};

}  // namespace lsrt_double
