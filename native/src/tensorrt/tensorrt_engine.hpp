#pragma once

#include <NvInfer.h>

#include <memory>
#include <string>
#include <vector>

#include "engine.hpp"
#include "tensorrt/entry_points.hpp"
#include "tensorrt/log.hpp"

namespace lsrt::trt {

/// An input or output of an engine.
struct EngineTensor {
    std::string name;
    nvinfer1::Dims dims;
    std::int32_t onnx_type;
    bool is_input;
};

/// A deserialised plan with the runtime that it needs.
class TensorRtEngine final : public Engine {
  public:
    TensorRtEngine(const TensorRtLibrary& library, Device& device, const void* plan, std::int64_t size,
                   std::int64_t weight_streaming_budget, const lsrt_callbacks& callbacks);
    ~TensorRtEngine() override;

    lsrt_engine_info info() const override;
    lsrt_engine_tensor tensor(std::int32_t index) const override;
    std::int32_t profile_shape(const std::string& input, std::int32_t profile, std::int64_t* min, std::int64_t* opt,
                               std::int64_t* max) const override;
    void refit(const std::string& model_path) override;
    std::unique_ptr<Blob> serialize() const override;
    std::unique_ptr<Execution> create_execution(std::int32_t profile, Stream& stream) override;
    void detach_log() noexcept override { log_.detach(); }

    Device& device() const noexcept { return device_; }
    Log& log() noexcept { return log_; }
    nvinfer1::ICudaEngine& engine() const noexcept { return *engine_; }
    const std::vector<EngineTensor>& tensors() const noexcept { return tensors_; }

    /// The index in tensors(). Throws INVALID_ARGUMENT if there is no tensor of that name.
    std::size_t find(const std::string& name) const;

    /// Whether weights come over the bus during each run, which makes runs synchronous and uncapturable.
    bool streams_weights() const;

  private:
    void load(const void* plan, std::int64_t size, std::int64_t weight_streaming_budget);
    void release() noexcept;
    void read_tensors();
    void set_weight_streaming_budget(std::int64_t budget);

    EntryPoints entry_points_;
    Device& device_;
    mutable Log log_;  // collects errors during const calls too
    std::unique_ptr<nvinfer1::IRuntime> runtime_;
    std::unique_ptr<nvinfer1::ICudaEngine> engine_;
    std::vector<EngineTensor> tensors_;
};

}  // namespace lsrt::trt
