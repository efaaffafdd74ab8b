#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "double.hpp"
#include "generated_stubs.hpp"
#include "model.hpp"

namespace lsrt_double {

/// A network input or output.
class Tensor final : public nvinfer1::ITensor, private stubs::VTensor {
  public:
    explicit Tensor(const lsrt_double_tensor& tensor) : tensor_(tensor) { mImpl = this; }

  private:
    const char* getName() const noexcept override { return tensor_.name; }
    nvinfer1::Dims getDimensions() const noexcept override { return dims(tensor_); }
    nvinfer1::DataType getType() const noexcept override { return data_type(tensor_.element_type); }

    lsrt_double_tensor tensor_;
};

/// Holds the model that the parser read: layers are not made one by one.
class Network final : public nvinfer1::INetworkDefinition, private stubs::VNetworkDefinition, private Counted {
  public:
    Network(nvinfer1::NetworkDefinitionCreationFlags flags, nvinfer1::ILogger& logger);

    void set_model(Model model);
    const std::optional<Model>& model() const noexcept { return model_; }
    nvinfer1::ILogger& logger() const noexcept { return logger_; }
    bool is_strongly_typed() const noexcept;

  private:
    std::int32_t getNbInputs() const noexcept override { return static_cast<std::int32_t>(inputs_.size()); }
    std::int32_t getNbOutputs() const noexcept override { return static_cast<std::int32_t>(outputs_.size()); }
    std::int32_t getNbLayers() const noexcept override;
    nvinfer1::ITensor* getInput(std::int32_t index) const noexcept override;
    nvinfer1::ITensor* getOutput(std::int32_t index) const noexcept override;

    nvinfer1::NetworkDefinitionCreationFlags flags_;
    nvinfer1::ILogger& logger_;
    std::optional<Model> model_;
    mutable std::deque<Tensor> inputs_;
    mutable std::deque<Tensor> outputs_;
};

}  // namespace lsrt_double
