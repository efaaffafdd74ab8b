#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "double.hpp"
#include "generated_stubs.hpp"
#include "plan.hpp"

namespace lsrt_double {

/// What an engine, its contexts and their recorded runs share. A refit changes the model under its lock.
struct EngineState {
    explicit EngineState(Plan from) : plan(std::move(from)) {}

    std::mutex mutex;
    Plan plan;
    std::int64_t weight_budget = 0;
    int context_count = 0;
};

class Engine final : public nvinfer1::ICudaEngine, private stubs::VCudaEngine, private Counted {
  public:
    Engine(Plan plan, nvinfer1::ILogger& logger);
    ~Engine() override;

    EngineState& state() noexcept { return *state_; }

  private:
    std::int32_t getNbLayers() const noexcept override;
    bool isRefittable() const noexcept override { return state_->plan.is_refittable; }
    std::int32_t getNbOptimizationProfiles() const noexcept override;
    std::int32_t getNbIOTensors() const noexcept override;
    const char* getIOTensorName(std::int32_t index) const noexcept override;
    nvinfer1::Dims getTensorShape(const char* name) const noexcept override;
    nvinfer1::DataType getTensorDataType(const char* name) const noexcept override;
    nvinfer1::TensorIOMode getTensorIOMode(const char* name) const noexcept override;
    nvinfer1::Dims getProfileShape(const char* name, std::int32_t profile,
                                   nvinfer1::OptProfileSelector select) const noexcept override;
    std::int64_t getDeviceMemorySizeV2() const noexcept override;
    std::int64_t getDeviceMemorySizeForProfileV2(std::int32_t profile) const noexcept override;
    std::int64_t getStreamableWeightsSize() const noexcept override;
    std::int64_t getWeightStreamingBudgetV2() const noexcept override { return state_->weight_budget; }
    bool setWeightStreamingBudgetV2(std::int64_t budget) noexcept override;
    nvinfer1::IHostMemory* serialize() const noexcept override;
    nvinfer1::IExecutionContext* createExecutionContext(
        nvinfer1::ExecutionContextAllocationStrategy strategy) noexcept override;

    const lsrt_double_tensor* find(const char* name) const noexcept;

    nvinfer1::ILogger& logger_;
    std::shared_ptr<EngineState> state_;
};

/// The extents of `input` in a profile: the network's own where they are fixed.
nvinfer1::Dims profile_shape(const Plan& plan, std::size_t profile, const lsrt_double_tensor& input,
                             nvinfer1::OptProfileSelector select);

/// What a run of these shapes takes: room for each input, in full 256 bytes.
std::int64_t activation_size(const Plan& plan, const std::vector<lsrt_double_tensor>& tensors);

}  // namespace lsrt_double
